// Stores where the person is: when they pause, every so often during playback, and when the page is left.
import { csrf, post } from "../../requests.js";

const EVERY_MS = 15_000;
// Closer to the beginning or the end than this, playback begins at the beginning.
const EDGE_MS = 2_000;

// Where to continue, 0 for the beginning.
export const continueAt = (ms, durationMs) => (ms >= EDGE_MS && ms < durationMs - EDGE_MS ? ms : 0);

function beacon(url, fields) {
  navigator.sendBeacon(url, new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrf() }));
}

export function createPositionStore({ url, player, known = 0, send = post, sendLast = beacon, now = () => performance.now() }) {
  let stored = Math.round(known);
  let sentAt = now();

  function store(through) {
    const position_ms = Math.round(player.nowMs);
    if (position_ms === stored) return;
    stored = position_ms;
    sentAt = now();
    through(url, { position_ms });
  }

  return {
    paused: () => store(send),
    played: () => player.isPlaying && now() - sentAt >= EVERY_MS && store(send),
    left: () => store(sendLast),
  };
}

// Returns what ends it.
export function watchPosition(store, player) {
  const hidden = () => document.visibilityState === "hidden" && store.left();
  player.subscribe(store.played);
  player.onPause(store.paused);
  addEventListener("pagehide", store.left);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    store.left();
    removeEventListener("pagehide", store.left);
    document.removeEventListener("visibilitychange", hidden);
  };
}
