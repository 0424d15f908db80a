// What the panel decides about subtitles: which one is meant, what is around it, and the operations that mend it.
import { formatDuration } from "../../clock.js";

const AROUND = 4;

// Returns the index of the subtitle that shows this place of the text, or of the one before it in the segment; -1 without any.
export function cueAtText(cues, id, offset) {
  let found = -1;
  let reached = -1;
  cues.forEach(({ places }, index) => {
    for (const [key, from] of places) {
      if (key === id && from <= offset && from > reached) [found, reached] = [index, from];
    }
  });
  return found < 0 ? cues.findIndex(({ places }) => places.some(([key]) => key === id)) : found;
}

// Returns the index of the subtitle that is shown at a moment, or was shown last; the first one before any.
export function cueAtTime(cues, ms) {
  let [low, high] = [0, cues.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].start <= ms) low = middle + 1;
    else high = middle;
  }
  return Math.min(Math.max(0, low - 1), cues.length - 1);
}

export const faultsOf = (faults, index) => faults.filter(({ cue }) => cue === index);

export const left = (faults) => faults.filter(({ accepted }) => !accepted);

// Returns the subtitle with a fault that follows one, or precedes it with a `step` of -1; around the end. -1 without any.
export function nextFaulty(faults, index, step) {
  const faulty = [...new Set(left(faults).map(({ cue }) => cue))];
  if (step > 0) return faulty.find((one) => one > index) ?? faulty[0] ?? -1;
  return faulty.findLast((one) => one < index) ?? faulty.at(-1) ?? -1;
}

// Returns a stretch of a list of this length around an index.
export function around(length, index, count = AROUND) {
  const first = Math.max(0, Math.min(index - Math.ceil(count / 2), length - count - 1));
  return [first, Math.min(length, first + count + 1)];
}

// Returns where borders are in each segment: before every subtitle but the first of the segment.
export function borderOffsets(cues) {
  const offsets = new Map();
  for (const { places } of cues) {
    for (const [id, from] of places) if (from > 0) offsets.set(id, [...(offsets.get(id) ?? []), from]);
  }
  return offsets;
}

// Returns the operations that show the next subtitle later. Inside of a segment, it becomes a segment of its own first.
export function extendOperations({ id, at, ms }, { text, speaker }, newId) {
  if (!at) return [{ op: "move_boundary", id, ms }];
  const added = newId();
  return [{ op: "split", id, was: text, at, new: added, speaker }, { op: "move_boundary", id: added, ms }];
}

export const splitOperation = ([id, at], { text, speaker }, newId) => ({ op: "split", id, was: text, at, new: newId(), speaker });

export const seconds = (ms) => `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;

// Returns what is possible if a subtitle can't have all the time that it lacks.
export function noRoom({ more_ms, room_ms }) {
  if (room_ms < 100) return "There is no room: the next subtitle needs its time.";
  return `Only ${(Math.floor(room_ms / 100) / 10).toFixed(1)} s of ${seconds(more_ms)} are free before the next subtitle. Shorten the text.`;
}

// Returns 20:09.2.
export const tenths = (ms) => `${formatDuration(ms)}.${Math.floor((ms % 1_000) / 100)}`;

export function counted(faults, count) {
  const open = left(faults).length;
  return `${open.toLocaleString("en")} ${open === 1 ? "fault" : "faults"} in ${count.toLocaleString("en")} ${count === 1 ? "subtitle" : "subtitles"}`;
}
