// Placed words: five numbers a word, namely offset and length in its segment's text, start and duration in ms, and flags.
// They follow the text as it is edited here, until the server says where they are.
import { mapThrough, spans } from "./text.js";

const NUMBERS = 5;
// Above the flags are the percents of the confidence, one more so that 0 is a word without any.
const CONFIDENCE_SHIFT = 3;
const FLAGS = (1 << CONFIDENCE_SHIFT) - 1;
export const [IS_ESTIMATED, IS_RETAINED] = [2, 4];
export const CERTAIN = 100;

// The confidence of a word in percent, null if the provider gave none.
export const confidenceOf = (flags) => (flags >> CONFIDENCE_SHIFT) - 1 < 0 ? null : (flags >> CONFIDENCE_SHIFT) - 1;

// The words with those between two offsets certain, because a person accepted them.
export function accepted(words, from, to) {
  const changed = words.slice();
  for (let at = 0; at < words.length; at += NUMBERS) {
    const isInside = words[at] < to && words[at] + words[at + 1] > from;
    if (isInside) changed[at + 4] = (words[at + 4] & FLAGS) | ((CERTAIN + 1) << CONFIDENCE_SHIFT);
  }
  return changed;
}

// Returns the words with each place as `place(offset, end)` says: [offset, end], or null for words that are gone.
function placed(words, place) {
  const moved = [];
  for (let at = 0; at < words.length; at += NUMBERS) {
    const range = place(words[at], words[at] + words[at + 1]);
    if (range && range[0] < range[1]) moved.push(range[0], range[1] - range[0], words[at + 2], words[at + 3], words[at + 4]);
  }
  return moved;
}

// The words of a text that was edited.
export function followed(words, was, text) {
  if (!words || was === text) return words;
  const changes = spans(was, text);
  return placed(words, (offset, end) => [mapThrough(changes, offset, 1), mapThrough(changes, end, -1)]);
}

// The words between two offsets, counted from the first. A word that is cut is on both sides.
export const between = (words, from, to) =>
  words && placed(words, (offset, end) => [Math.max(offset, from) - from, Math.min(end, to) - from]);

// The words of two texts that became one, the second from `offset` on.
export function joined(words, others, offset) {
  if (!words && !others) return undefined;
  return [...(words ?? []), ...placed(others ?? [], (from, to) => [from + offset, to + offset])];
}

export const timesOf = (words) => words?.length ? { start: words[2], end: words.at(-3) + words.at(-2) } : null;

// Returns { offset, length, start, end, flags } of each word.
export function list(words) {
  const found = [];
  for (let at = 0; at < (words?.length ?? 0); at += NUMBERS) {
    const [offset, length, start, duration, flags] = words.slice(at, at + NUMBERS);
    found.push({ offset, length, start, end: start + duration, flags });
  }
  return found;
}
