// When the words of a compared text are spoken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { spokenAt, timesOf, wordAt } from "../../../static/js/sides/words.js";

test("a run says where its words are and when", () => {
  assert.deepEqual(timesOf("0:400 4:800"), [{ offset: 0, ms: 400 }, { offset: 4, ms: 800 }]);
  assert.deepEqual(timesOf(""), []);
});

test("a place belongs to the word that begins before it", () => {
  const words = timesOf("1:400 5:800");
  assert.deepEqual([0, 1, 4, 5, 99].map((offset) => wordAt(words, offset)?.ms), [undefined, 400, 400, 800, 800]);
});

test("the word that is spoken is the last that has begun", () => {
  const words = [{ ms: 100 }, { ms: 100 }, { ms: 300 }];
  assert.deepEqual([0, 100, 299, 300].map((ms) => words.indexOf(spokenAt(words, ms))), [-1, 1, 1, 2]);
});
