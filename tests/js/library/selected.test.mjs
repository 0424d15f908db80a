// Which recordings are selected.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSelected } from "../../../static/js/library/selected.js";

const ROWS = ["a", "b", "c", "d"].map((id) => ({ id, durationMs: 1_000 }));

test("a row is selected and cleared, and their durations add up", () => {
  const selected = createSelected();
  selected.toggle("a", 1_000);
  selected.toggle("b", 500);
  assert.deepEqual([selected.count, selected.durationMs], [2, 1_500]);
  selected.toggle("a", 1_000);
  assert.deepEqual(selected.ids, ["b"]);
});

test("a range goes from the last row to this one, upwards too", () => {
  const selected = createSelected();
  selected.toggle("c", 1_000);
  selected.range(ROWS, "a");
  assert.deepEqual([...selected.ids].sort(), ["a", "b", "c"]);
});

test("a range without a beginning is one row", () => {
  const selected = createSelected();
  selected.range(ROWS, "b");
  assert.deepEqual(selected.ids, ["b"]);
});

test("all that the filter has is counted by the server, until a row is chosen or all are cleared", () => {
  const selected = createSelected();
  selected.toggle("a", 1_000);
  selected.all({ count: 214, duration_ms: 9_000 });
  assert.deepEqual([selected.isAll, selected.count, selected.durationMs], [true, 214, 9_000]);
  selected.choose("a", false);
  assert.deepEqual([selected.isAll, selected.count], [false, 0]);
  selected.all({ count: 214, duration_ms: 9_000 });
  selected.clear();
  assert.equal(selected.count, 0);
});
