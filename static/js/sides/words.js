// When each word of the compared text is spoken, as its runs say: "offset:ms offset:ms".

// Returns the words of a run: { offset, ms }.
export const timesOf = (text) => text.split(" ").filter(Boolean).map((one) => {
  const [offset, ms] = one.split(":").map(Number);
  return { offset, ms };
});

// Returns the word at a place of its run; undefined before the first.
export const wordAt = (words, offset) => words.findLast((word) => word.offset <= offset);

// Returns the last of the words, sorted by time, that has begun; undefined before the first. People may talk at the same time.
export function spokenAt(words, ms) {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].ms <= ms) low = middle + 1;
    else high = middle;
  }
  return words[low - 1];
}
