// Moving between the rows of the library.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowAt } from "../../../static/js/library/rows.js";

const titles = ["first", "second", "third"];

test("from nowhere one begins at the end that the key comes from", () => {
  assert.equal(rowAt(titles, undefined, 1), "first");
  assert.equal(rowAt(titles, undefined, -1), "third");
  assert.equal(rowAt([], undefined, 1), undefined);
});

test("a row is followed by the next, and nothing follows the last", () => {
  assert.equal(rowAt(titles, "first", 1), "second");
  assert.equal(rowAt(titles, "second", -1), "first");
  assert.equal(rowAt(titles, "third", 1), undefined);
  assert.equal(rowAt(titles, "first", -1), undefined);
});
