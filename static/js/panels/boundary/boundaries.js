// The arithmetic of boundaries: what is shown around them, how far they move, and the operations that move them.
// A row has `start_ms` and `end_ms`; `neighbours` are the rows { before, after } it, where there are any.
import { formatShortTime } from "../time_text.js";

const MARGIN_MS = 2_000;
// A segment up to this long is shown whole, of a longer one the part around one of its boundaries.
const WHOLE_MS = 8_000;
const AROUND_MS = 5_000;
// Neighbours this near share their boundary.
const TOUCHING_MS = 20;

export const isShownWhole = ({ start, end }) => end - start <= WHOLE_MS;

// Returns the part of the recording { from, to } to show for a segment { start, end }, around its `edge` if it is long.
export function shownSpan({ start, end }, edge, durationMs) {
  const at = edge === "start" ? start : end;
  const [from, to] = isShownWhole({ start, end }) ? [start - MARGIN_MS, end + MARGIN_MS] : [at - AROUND_MS, at + AROUND_MS];
  return { from: Math.max(0, from), to: durationMs ? Math.min(to, Math.max(durationMs, end)) : to };
}

const isTimed = (row) => Number.isInteger(row?.start_ms) && Number.isInteger(row.end_ms);

const gapBefore = (row, { before }) => (isTimed(before) && isTimed(row) ? row.start_ms - before.end_ms : NaN);
const gapAfter = (row, { after }) => (isTimed(after) && isTimed(row) ? after.start_ms - row.end_ms : NaN);

// Tells whether the end of the row before moves along with the start of this one: they touch, or it is pushed.
export function movesBefore(row, neighbours, startMs) {
  const gap = gapBefore(row, neighbours);
  return Math.abs(gap) <= TOUCHING_MS || (gap > 0 && startMs < neighbours.before.end_ms);
}

// Tells whether the start of the row after moves along with the end of this one.
export function movesAfter(row, neighbours, endMs) {
  const gap = gapAfter(row, neighbours);
  return Math.abs(gap) <= TOUCHING_MS || (gap > 0 && endMs > neighbours.after.start_ms);
}

// Returns the least and the most ms of each boundary, { start: [least, most], end: [least, most] }, within what is shown.
// A neighbour isn't pushed beyond its other end; rows that overlapped before may overlap.
export function limits(row, neighbours, { start, end }, { from, to }) {
  const first = gapBefore(row, neighbours) >= -TOUCHING_MS ? neighbours.before.start_ms : 0;
  const last = gapAfter(row, neighbours) >= -TOUCHING_MS ? neighbours.after.end_ms : Infinity;
  return { start: [Math.max(first, from), Math.min(end, to)], end: [Math.max(start, from), Math.min(last, to)] };
}

// Returns the operations that give a row its new times. `dragged` says which of them move the boundary with a neighbour,
// { start, end }; the others are the row's alone.
export function timeOperations(row, neighbours, { start, end }, dragged) {
  const [isStartNew, isEndNew] = [start !== (row.start_ms ?? 0), end !== (row.end_ms ?? 0)];
  const isBeforeMoved = isStartNew && dragged.start && movesBefore(row, neighbours, start);
  const isAfterMoved = isEndNew && dragged.end && movesAfter(row, neighbours, end);
  const isOwn = (isStartNew && !isBeforeMoved) || (isEndNew && !isAfterMoved) || (isBeforeMoved && isAfterMoved);
  return [
    ...(isOwn ? [{ op: "set_times", id: row.id, start_ms: start, end_ms: end }] : []),
    ...(isBeforeMoved ? [{ op: "move_boundary", id: row.id, ms: start }] : []),
    ...(isAfterMoved ? [{ op: "move_boundary", id: neighbours.after.id, ms: end }] : []),
  ];
}

const countOutside = (words, start, end) => words.filter((word) => word.start < start || word.end > end).length;

// Returns what else changes with the times of a row: whether its neighbours' boundaries do, and how many words are beyond a
// boundary, partly or wholly. `words` are those of the row and its neighbours: { before, own, after }.
export function consequences(row, neighbours, { start, end }, dragged, words) {
  const isBeforeMoved = start !== row.start_ms && dragged.start && movesBefore(row, neighbours, start);
  const isAfterMoved = end !== row.end_ms && dragged.end && movesAfter(row, neighbours, end);
  const cut = countOutside(words.own, start, end)
    + (isBeforeMoved ? countOutside(words.before, -Infinity, start) : 0) + (isAfterMoved ? countOutside(words.after, end, Infinity) : 0);
  return { isBeforeMoved, isAfterMoved, cut };
}

// Returns what is wrong with times as they would be saved, "" if nothing is. `lastMs` is the end of the last segment, and
// `durationMs` that of the recording, 0 if it isn't known.
export function faultOf({ start, end, shift }, { lastMs, durationMs }) {
  if ([start, end, shift].includes(null)) return "Write times as 1:02:03.456, 2:03 or 3.5.";
  if (end < start) return "The end is before the start.";
  const latest = Math.max(durationMs, lastMs);
  if (!durationMs || (end <= latest && (shift <= 0 || lastMs + shift <= latest))) return "";
  if (end > latest) return `The recording ends at ${formatShortTime(Math.floor(durationMs))}.`;
  const most = latest - lastMs;
  return `The last words would be after the end of the recording. ${most ? `Shift by ${formatShortTime(Math.floor(most))} at most.` : "They can only be shifted back."}`;
}
