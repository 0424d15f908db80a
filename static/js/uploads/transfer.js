// One file on its way: tus 1.0 in parts, each with its checksum.
import * as tus from "tus-js-client";
import { csrf } from "../requests.js";

// Answers that mean "not now": wrong offset, locked, too many, part arrived changed.
const PASSING = new Set([409, 423, 429, 460]);

const LOST = new Set([404, 410]);

const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

export class FileGone extends Error {}

async function checksum(part) {
  let bytes;
  try {
    bytes = await part.arrayBuffer();
  } catch {
    throw new FileGone();
  }
  // Plain http on another machine has no crypto; the parts still travel over TCP.
  return crypto.subtle ? `sha256 ${base64(await crypto.subtle.digest("SHA-256", bytes))}` : "";
}

class CheckedStack extends tus.DefaultHttpStack {
  createRequest(method, url) {
    const request = super.createRequest(method, url);
    const send = request.send.bind(request);
    const abort = request.abort.bind(request);
    let given_up = false;
    request.abort = () => {
      given_up = true;
      return abort();
    };
    request.send = async (body) => {
      const sum = body ? await checksum(body) : "";
      if (given_up) throw new Error("given up");
      if (sum) request.setHeader("Upload-Checksum", sum);
      return send(body);
    };
    return request;
  }
}

// What an error means: `passing` trouble is waited out (`broke`: a part did not get through), `lost` uploads begin anew,
// everything else has a sentence for the person.
export function meaning(error) {
  if (error instanceof FileGone || error.causingError instanceof FileGone) return { kind: "gone" };
  const response = error.originalResponse;
  const status = response?.getStatus() ?? 0;
  const method = error.originalRequest?.getMethod() ?? "";
  if (!status) return { kind: "passing", words: "", broke: method === "PATCH" };
  const words = (response.getHeader("Content-Type") ?? "").startsWith("text/plain") ? response.getBody() : "";
  if (PASSING.has(status) || status >= 500) return { kind: "passing", words, broke: method === "PATCH" && status >= 500 };
  // Only the server can say that it no longer has what it was sent before.
  if (LOST.has(status) && method !== "POST") return { kind: "lost" };
  return { kind: "refused", words: words || `The server refused this file (${status}). Try again, or ask an administrator.` };
}

export function createTransfer(item, file, endpoint, on) {
  const upload = new tus.Upload(file, {
    // With an endpoint beside it, the library would begin a new upload at byte 0 after any trouble with the old one.
    endpoint: item.url ? null : endpoint,
    uploadUrl: item.url || null,
    chunkSize: item.part,
    retryDelays: null,
    storeFingerprintForResuming: false,
    httpStack: new CheckedStack(),
    // An upload that an earlier version of this page began knows no number of speakers.
    metadata: { filename: item.name, filetype: item.type, language: item.language, speakers: item.speakers ?? "", team: item.team },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
    onAfterResponse: (_, response) => {
      const recording = response.getHeader("Upload-Recording");
      if (recording) on.recording(recording);
    },
    onUploadUrlAvailable: () => on.url(upload.url),
    onProgress: on.progress,
    onChunkComplete: (_, accepted) => on.accepted(accepted),
    onSuccess: on.success,
    onError: (error) => on.error(meaning(error)),
  });
  return upload;
}
