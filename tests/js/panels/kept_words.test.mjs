// Where the words that overwrote others are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../../static/js/panels/kept_words.js";

const TEXT = "Hold the front door.";
const found = (text, kept) => text.slice(...placeOf(text, kept));

test("words are found as whole words, and never within others", () => {
  assert.equal(found(TEXT, "front door."), "front door.");
  assert.deepEqual(placeOf(TEXT, "old"), [TEXT.length, TEXT.length]);
  assert.equal(found("She had a plan", "a"), "a");
});

test("a word that has grown since is found by its beginning", () => {
  assert.equal(found(TEXT, "d"), "door.");
  assert.equal(found(TEXT, "front d"), "front door.");
});

test("words in several places, and none at all, lead to the end of the text", () => {
  for (const kept of ["no", "Yes, it", ""]) assert.deepEqual(placeOf("no, no, yes", kept), [11, 11]);
  assert.deepEqual(placeOf("", "no"), [0, 0]);
});
