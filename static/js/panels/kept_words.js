// Where the words that overwrote others are in a text.
import { tokens, wordOffsets } from "../editor/protocol/text.js";

const isSame = (word, wanted) => word === wanted;
const isGrown = (word, wanted) => word.startsWith(wanted);

// Returns the places, by number, at which words begin with all that are wanted; `isLast(word, wanted)` compares the last one.
function placesIn(words, wanted, isLast) {
  const last = wanted.length - 1;
  const isAt = (place) => wanted.every((word, at) => (at === last ? isLast : isSame)(words[place + at] ?? "", word));
  return [...words.keys()].filter(isAt);
}

// Returns [from, to] of words in a text, or the end of the text if they are nowhere or in several places. The last of them may have
// grown since: what is typed without a network arrives in pieces, and the first can end within a word.
export function placeOf(text, kept) {
  const [words, offsets, wanted] = [tokens(text), wordOffsets(text), tokens(kept)];
  const same = placesIn(words, wanted, isSame);
  const [place, ...others] = same.length ? same : placesIn(words, wanted, isGrown);
  if (!wanted.length || place === undefined || others.length) return [text.length, text.length];
  const last = place + wanted.length - 1;
  return [offsets[place], offsets[last] + words[last].length];
}
