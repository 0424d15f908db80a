// Words are found by time and by place, also where speakers interrupt each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bySegment, indexWords, spokenAt, wordAtOffset } from "../../../static/js/transcript/playback/word_index.js";

// Offset, length, start, duration, doubtful; the second segment begins before the first ends.
const words = indexWords([
  [0, 4, 1_000, 400, 0, 5, 3, 2_000, 500, 1],
  [0, 2, 1_500, 300, 0],
]);

test("the spoken word is the last that began, for a moment longer than it lasts", () => {
  const at = (ms) => { const word = spokenAt(words, ms); return word && [word.segment, word.offset]; };
  assert.deepEqual([at(999), at(1_000), at(1_600), at(2_000)], [null, [0, 0], [1, 0], [0, 5]]);
  assert.deepEqual([at(2_849), at(2_850)], [[0, 5], null]);
});

test("a word is found by its place in the segment, its edges included", () => {
  const [first] = bySegment(words, 2);
  assert.deepEqual([0, 4, 5, 8, 9].map((offset) => wordAtOffset(first, offset)?.start ?? null), [1_000, 1_000, 2_000, 2_000, null]);
});

test("a doubtful word is known as such", () => assert.deepEqual(words.map(({ doubtful }) => doubtful), [false, false, true]));
