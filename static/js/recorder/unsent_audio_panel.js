// Sound of sessions that ended without it, because this browser never came back to them in time.
import { RATE_HZ } from "./capture.js";
import { rescue } from "./wav_download.js";
import { sessionsKept, spool } from "./transport/unsent_audio.js";
import { clock } from "../transcript/live_text.js";

const FRAME_MS = 100;

export function leftovers(element) {
  const open = new Set(element.dataset.open.split(" "));

  async function look() {
    for (const session of await sessionsKept()) {
      if (open.has(session)) continue;
      const kept = await spool(session);
      const frames = await kept.all();
      // A single one is only the one by which was counted.
      if (frames.length > 1) offer(kept, frames);
      else await kept.clear();
    }
  }

  function offer(kept, frames) {
    const row = element.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-length]").textContent = clock(frames.length * FRAME_MS);
    rescue({ element: row.querySelector("a"), frames, rate: RATE_HZ, kept });
    element.querySelector("ul").append(row);
    element.hidden = false;
  }

  look().catch(() => {}); // a browser that keeps nothing has nothing left
}
