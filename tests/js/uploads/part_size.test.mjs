// How large the parts of an upload are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { first, halved, regrown, SMALLEST } from "../../../static/js/uploads/part_size.js";

const LARGEST = 8 * 1024 * 1024;

test("an upload begins with the largest part that the server takes", () => {
  assert.equal(first(LARGEST), LARGEST);
});

test("each part that breaks off halves the next, down to the smallest", () => {
  let part = LARGEST;
  for (let times = 0; times < 20; times += 1) part = halved(part);
  assert.equal(part, SMALLEST);
  assert.equal(halved(LARGEST), LARGEST / 2);
});

test("parts that arrive grow back, never beyond what the server takes", () => {
  let part = SMALLEST;
  for (let times = 0; times < 40; times += 1) {
    const grown = regrown(part, LARGEST);
    assert.ok(grown > part || grown === LARGEST);
    part = grown;
  }
  assert.equal(part, LARGEST);
});
