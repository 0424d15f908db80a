// The recordings of this document. They outlive the pages that show them: a page is only part of a document here.
import { createLeaveGuard } from "../leaving.js";
import { createRecording } from "./recording.js";

const recordings = new Map();
const watchers = new Set();
const guardLeaving = createLeaveGuard();

function notify() {
  guardLeaving(allRecordings().some((one) => one.isCapturing || one.state.phase === "stopping"));
  document.documentElement.toggleAttribute("data-capturing", allRecordings().some((one) => one.isCapturing));
  watchers.forEach((watcher) => watcher());
}

// Returns the recording of a session, created by the first page that shows it.
export function recordingOf(session) {
  let recording = recordings.get(session.id);
  if (recording && !recording.state.hasEnded) return recording;
  recording = createRecording(session);
  recordings.set(session.id, recording);
  recording.subscribe({ phase: notify, notice: notify, connection: notify, time: notify });
  return recording;
}

// Called when the page that showed it is gone: closes it unless it records or has audio to send.
export function leave(recording) {
  if (!recording.isNeeded && !recording.unacknowledged) discard(recording);
  notify();
}

export function discard(recording) {
  if (recordings.get(recording.session.id) === recording) recordings.delete(recording.session.id);
  recording.close();
  notify();
}

export const allRecordings = () => [...recordings.values()];
export const othersCapturing = (recording) => allRecordings().filter((one) => one !== recording && one.isCapturing);

// Calls `watcher()` whenever something changed about any of them.
export function watchRecordings(watcher) {
  watchers.add(watcher);
}
