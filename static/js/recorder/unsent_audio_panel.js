// Lists audio of sessions that ended before it was sent, because this browser did not return to them in time.
import { formatDuration } from "../clock.js";
import { RATE_HZ } from "./capture.js";
import { FRAME_MS } from "./recording.js";
import { openUnsentAudio, sessionsWithUnsentAudio } from "./transport/unsent_audio.js";
import { offerDownload } from "./wav_download.js";

export function unsentAudioPanel(element) {
  const openSessions = new Set(element.dataset.openSessions.split(" "));

  async function listAll() {
    for (const session of await sessionsWithUnsentAudio()) {
      if (openSessions.has(session)) continue;
      const storage = await openUnsentAudio(session);
      const frames = await storage.all();
      // A single frame is only the one by which the count continues.
      if (frames.length > 1) list(storage, frames);
      else await storage.clear();
    }
  }

  function list(storage, frames) {
    const row = element.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-length]").textContent = formatDuration(frames.length * FRAME_MS);
    offerDownload({ element: row.querySelector("a"), frames, rateHz: RATE_HZ, storage });
    element.querySelector("ul").append(row);
    element.hidden = false;
  }

  listAll().catch(() => {}); // a browser that stores nothing has no unsent audio
}
