// The recordings of this document, which outlive the pages that show them: a page is only part of a document here.
import { createRecording } from "./recording.js";

const recordings = new Map();
const watchers = new Set();

function announce() {
  document.documentElement.toggleAttribute("data-recording", all().some((one) => one.isLive));
  watchers.forEach((watcher) => watcher());
}

// The recording of a session, begun by the first page that shows it.
export function recordingOf(session) {
  let recording = recordings.get(session.id);
  if (recording && !recording.state.ended) return recording;
  recording = createRecording(session);
  recordings.set(session.id, recording);
  recording.subscribe({ phase: announce, news: announce, state: announce, time: announce });
  return recording;
}

// The page that showed it is gone: it ends here unless something goes on or waits to be sent.
export function leave(recording) {
  if (!recording.isNeeded && !recording.waiting) discard(recording);
  announce();
}

export function discard(recording) {
  if (recordings.get(recording.session.id) === recording) recordings.delete(recording.session.id);
  recording.close();
  announce();
}

export const others = (recording) => [...recordings.values()].filter((one) => one !== recording && one.isLive);
export const all = () => [...recordings.values()];

// Calls `watcher()` whenever something changed about any of them.
export function watch(watcher) {
  watchers.add(watcher);
}

export function watchLeaving() {
  addEventListener("beforeunload", (event) => {
    if (all().some((one) => one.isLive || one.state.phase === "stopping")) event.preventDefault();
  });
}
