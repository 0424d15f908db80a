// Transcripts beside the media that is uploaded: "interview.srt" belongs to "interview.mp3".
import { csrf } from "../requests.js";

const TRANSCRIPT = /\.(srt|vtt|json|docx|txt)$/i;

const stem = ({ name }) => name.replace(/\.[^.]*$/, "").toLowerCase();

// Returns each media file with the transcript of its name, and the transcripts that belong to none: a person says whose they are.
export function paired(files) {
  const transcripts = files.filter(({ name }) => TRANSCRIPT.test(name));
  const media = files.filter(({ name }) => !TRANSCRIPT.test(name));
  const pairs = media.map((file) => ({ file, transcript: transcripts.find((one) => stem(one) === stem(file)) }));
  return { pairs, alone: transcripts.filter((one) => !pairs.some(({ transcript }) => transcript === one)) };
}

// Sends a transcript ahead of its media, or before a person says which recording it belongs to. Resolves to { id }, or
// { message } if the server does not take it.
export async function sendTranscript(file, consequence = "The recording was not uploaded.") {
  const body = new FormData();
  body.append("file", file);
  try {
    const response = await fetch("/imports/", { method: "POST", headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, body });
    const { id, detail } = await response.json();
    return id ? { id } : { message: `${file.name}: ${detail} ${consequence}` };
  } catch {
    return { message: `${file.name}: the server could not be reached. Choose the file again.` };
  }
}
