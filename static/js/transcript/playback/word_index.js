// An index of words by their place in the text and their time, to be searched 60 times a second.

// What the server sends of one word: offset, length, start (ms), duration (ms), doubtful.
const NUMBERS = 5;

export function indexWords(segments) {
  const words = [];
  segments.forEach((flat, segment) => {
    for (let at = 0; at < flat.length; at += NUMBERS) {
      const [offset, length, start, duration, doubtful] = flat.slice(at, at + NUMBERS);
      words.push({ segment, offset, length, start, end: start + duration, doubtful: doubtful === 1 });
    }
  });
  // Speakers interrupt each other, so segments may overlap in time.
  return words.sort((one, other) => one.start - other.start);
}

// A word stays marked through the short silence after it.
const LINGER_MS = 350;

export function spokenAt(words, ms) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].start <= ms) low = middle + 1;
    else high = middle;
  }
  const word = words[low - 1];
  return word && ms < word.end + LINGER_MS ? word : null;
}

export function bySegment(words, count) {
  const groups = Array.from({ length: count }, () => []);
  for (const word of words) groups[word.segment].push(word);
  for (const group of groups) group.sort((one, other) => one.offset - other.offset);
  return groups;
}

export function wordAtOffset(group, offset) {
  return group.find((word) => offset >= word.offset && offset <= word.offset + word.length) ?? null;
}

// Returns the audio from one place in the text to another, each a segment and an offset; null without words in between.
export function spanBetween(groups, from, to) {
  const isIn = ({ segment, offset, length }) =>
    (segment > from.segment || offset + length > from.offset) && (segment < to.segment || offset < to.offset);
  const words = groups.slice(from.segment, to.segment + 1).flat().filter(isIn);
  if (!words.length) return null;
  return { from: Math.min(...words.map(({ start }) => start)), to: Math.max(...words.map(({ end }) => end)) };
}
