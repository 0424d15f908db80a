// How large the chunks of an upload are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { first, halved, regrown, SMALLEST } from "../../../static/js/uploads/chunk_size.js";

const LARGEST = 32 * 1024 * 1024;

test("each chunk that breaks off halves the next, down to the smallest", () => {
  let chunk = LARGEST;
  for (let times = 0; times < 20; times += 1) chunk = halved(chunk);
  assert.equal(chunk, SMALLEST);
  assert.equal(halved(LARGEST), LARGEST / 2);
});

test("the first chunk is smaller than the largest", () => {
  assert.ok(first(LARGEST) < LARGEST);
  assert.equal(first(SMALLEST), SMALLEST);
});

test("chunks that arrive grow back, never beyond what the server takes", () => {
  let chunk = SMALLEST;
  for (let times = 0; times < 40; times += 1) {
    const grown = regrown(chunk, LARGEST);
    assert.ok(grown > chunk || grown === LARGEST);
    chunk = grown;
  }
  assert.equal(chunk, LARGEST);
});
