// Sends one file: tus 1.0 in chunks, each with its checksum.
import * as tus from "tus-js-client";
import { csrf } from "../requests.js";

// Answers that mean "not now": wrong offset, locked, too many requests, chunk damaged on the way.
const TEMPORARY = new Set([409, 423, 429, 460]);

const LOST = new Set([404, 410]);

const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

export class FileUnreadable extends Error {}

async function checksum(chunk) {
  let bytes;
  try {
    bytes = await chunk.arrayBuffer();
  } catch {
    throw new FileUnreadable();
  }
  // Plain http on another machine has no crypto; TCP still protects the chunks.
  return crypto.subtle ? `sha256 ${base64(await crypto.subtle.digest("SHA-256", bytes))}` : "";
}

class CheckedStack extends tus.DefaultHttpStack {
  createRequest(method, url) {
    const request = super.createRequest(method, url);
    const send = request.send.bind(request);
    const abort = request.abort.bind(request);
    let isAborted = false;
    request.abort = () => {
      isAborted = true;
      return abort();
    };
    request.send = async (body) => {
      const sum = body ? await checksum(body) : "";
      if (isAborted) throw new Error("aborted");
      if (sum) request.setHeader("Upload-Checksum", sum);
      return send(body);
    };
    return request;
  }
}

// Returns what an error means: `temporary` ones are retried (`brokeOff`: a chunk did not get through), `lost` uploads start
// over, `no-file` asks for the file, and `refused` ones have a message for the person.
export function classify(error) {
  if (error instanceof FileUnreadable || error.causingError instanceof FileUnreadable) return { kind: "no-file" };
  const response = error.originalResponse;
  const status = response?.getStatus() ?? 0;
  const method = error.originalRequest?.getMethod() ?? "";
  if (!status) return { kind: "temporary", message: "", brokeOff: method === "PATCH" };
  const message = (response.getHeader("Content-Type") ?? "").startsWith("text/plain") ? response.getBody() : "";
  if (TEMPORARY.has(status) || status >= 500) return { kind: "temporary", message, brokeOff: method === "PATCH" && status >= 500 };
  // Only the server can say that it no longer has what it was sent before.
  if (LOST.has(status) && method !== "POST") return { kind: "lost" };
  return { kind: "refused", message: message || `The server refused this file (${status}). Try again, or ask an administrator.` };
}

export function createTransfer(item, file, endpoint, on) {
  const upload = new tus.Upload(file, {
    // With an endpoint as well, the library would start a new upload at byte 0 after any trouble with this one.
    endpoint: item.url ? null : endpoint,
    uploadUrl: item.url || null,
    chunkSize: item.chunkBytes,
    retryDelays: null,
    storeFingerprintForResuming: false,
    httpStack: new CheckedStack(),
    // An upload that an earlier version of this page started has no number of speakers, no folder and no transcript.
    metadata: {
      filename: item.name, filetype: item.type, speakers: item.speakers ?? "", team: item.team, folder: item.folder ?? "", transcript: item.transcript ?? "",
      ...(item.language !== undefined && { language: item.language }),
      ...(item.batch && { batch: item.batch.id, files: String(item.batch.files) }),
      ...item.wishes,
    },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
    onAfterResponse: (_, response) => {
      const recording = response.getHeader("Upload-Recording");
      if (recording) on.recording(recording, response.getHeader("Upload-Folder"));
    },
    onUploadUrlAvailable: () => on.url(upload.url),
    onProgress: on.progress,
    onChunkComplete: (_, accepted) => on.accepted(accepted),
    onSuccess: on.success,
    onError: (error) => on.error(classify(error)),
  });
  return upload;
}
