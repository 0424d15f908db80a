// How long a person works on a transcript: seconds in which they type, move or listen while the page is in view.
import { csrf, post } from "../requests.js";

const SECOND_MS = 1_000;
// So long after the last sign of a person they are still reading.
const IDLE_MS = 15_000;
const SEND_EVERY_S = 60;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"];

function beacon(url, fields) {
  navigator.sendBeacon(url, new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrf() }));
}

// Counts seconds; `isPlaying()` tells whether they listen. `second()` is called once a second.
export function createActiveTime({ url, isPlaying, send = post, sendLast = beacon, now = () => performance.now(), isInView = () => document.visibilityState === "visible" }) {
  let signedAt = -Infinity;
  let seconds = 0;

  function store(through) {
    if (!seconds) return;
    through(url, { active_s: seconds });
    seconds = 0;
  }

  return {
    signed: () => { signedAt = now(); },
    second: () => {
      if (isInView() && (isPlaying() || now() - signedAt < IDLE_MS)) seconds += 1;
      if (seconds >= SEND_EVERY_S) store(send);
    },
    left: () => store(sendLast),
  };
}

// Returns what ends it.
export function watchActiveTime(time) {
  const hidden = () => document.visibilityState === "hidden" && time.left();
  const timer = setInterval(time.second, SECOND_MS);
  for (const sign of SIGNS) addEventListener(sign, time.signed, { passive: true });
  addEventListener("pagehide", time.left);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    time.left();
    clearInterval(timer);
    for (const sign of SIGNS) removeEventListener(sign, time.signed);
    removeEventListener("pagehide", time.left);
    document.removeEventListener("visibilitychange", hidden);
  };
}
