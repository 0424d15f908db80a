// The boundaries of a segment: what is shown around them, how far they move, what moves with them, and their audio.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outlineOf, peaksOf } from "../../../static/js/panels/boundary/audio.js";
import { consequences, faultOf, limits, shownSpan, timeOperations } from "../../../static/js/panels/boundary/boundaries.js";
import { sentenceOf } from "../../../static/js/panels/boundary/form.js";
import { clamp, movedByKey } from "../../../static/js/panels/boundary/handle.js";
import { formatShortTime } from "../../../static/js/panels/time_text.js";

const row = { id: "b", start_ms: 10_000, end_ms: 14_000 };
const touching = { before: { id: "a", start_ms: 7_000, end_ms: 10_000 }, after: { id: "c", start_ms: 14_000, end_ms: 18_000 } };
const apart = { before: { id: "a", start_ms: 7_000, end_ms: 9_000 }, after: { id: "c", start_ms: 15_000, end_ms: 18_000 } };
const overlapping = { before: { id: "a", start_ms: 7_000, end_ms: 11_000 }, after: { id: "c", start_ms: 13_000, end_ms: 18_000 } };
const dragged = { start: true, end: true };
const typed = { start: false, end: false };
const shown = { from: 0, to: 20_000 };

test("a short segment is shown whole, of a long one the part around a boundary, never beyond the recording", () => {
  assert.deepEqual(shownSpan({ start: 10_000, end: 14_000 }, "start", 60_000), { from: 8_000, to: 16_000 });
  assert.deepEqual(shownSpan({ start: 10_000, end: 40_000 }, "start", 60_000), { from: 5_000, to: 15_000 });
  assert.deepEqual(shownSpan({ start: 10_000, end: 40_000 }, "end", 60_000), { from: 35_000, to: 45_000 });
  assert.deepEqual(shownSpan({ start: 500, end: 3_000 }, "start", 4_000), { from: 0, to: 4_000 });
  assert.deepEqual(shownSpan({ start: 500, end: 3_000 }, "start", 0), { from: 0, to: 5_000 });
});

test("a boundary moves between the other ends of its segment and its neighbour", () => {
  assert.deepEqual(limits(row, touching, { start: 10_000, end: 14_000 }, shown), { start: [7_000, 14_000], end: [10_000, 18_000] });
  assert.deepEqual(limits(row, touching, { start: 12_000, end: 13_000 }, shown), { start: [7_000, 13_000], end: [12_000, 18_000] });
  assert.deepEqual(limits(row, touching, { start: 10_000, end: 14_000 }, { from: 8_000, to: 16_000 }), { start: [8_000, 14_000], end: [10_000, 16_000] });
});

test("a boundary without a neighbour, or with one that overlaps, moves as far as is shown", () => {
  for (const neighbours of [{}, overlapping]) {
    assert.deepEqual(limits(row, neighbours, { start: 10_000, end: 14_000 }, shown), { start: [0, 14_000], end: [10_000, 20_000] });
  }
});

test("a dragged boundary is one operation for both segments that touch", () => {
  assert.deepEqual(timeOperations(row, touching, { start: 9_000, end: 14_000 }, dragged), [{ op: "move_boundary", id: "b", ms: 9_000 }]);
  assert.deepEqual(timeOperations(row, touching, { start: 10_000, end: 15_000 }, dragged), [{ op: "move_boundary", id: "c", ms: 15_000 }]);
});

test("two dragged boundaries don't hold each other back", () => {
  assert.deepEqual(timeOperations(row, touching, { start: 15_000, end: 16_000 }, dragged), [
    { op: "set_times", id: "b", start_ms: 15_000, end_ms: 16_000 },
    { op: "move_boundary", id: "b", ms: 15_000 },
    { op: "move_boundary", id: "c", ms: 16_000 },
  ]);
});

test("a boundary dragged in a silence is the segment's alone until it pushes its neighbour", () => {
  assert.deepEqual(timeOperations(row, apart, { start: 9_500, end: 14_500 }, dragged), [{ op: "set_times", id: "b", start_ms: 9_500, end_ms: 14_500 }]);
  assert.deepEqual(timeOperations(row, apart, { start: 8_500, end: 14_000 }, dragged), [{ op: "move_boundary", id: "b", ms: 8_500 }]);
  assert.deepEqual(timeOperations(row, overlapping, { start: 10_500, end: 14_000 }, dragged), [{ op: "set_times", id: "b", start_ms: 10_500, end_ms: 14_000 }]);
});

test("typed times are the segment's alone, and unchanged ones are no operation", () => {
  assert.deepEqual(timeOperations(row, touching, { start: 9_000, end: 14_000 }, typed), [{ op: "set_times", id: "b", start_ms: 9_000, end_ms: 14_000 }]);
  assert.deepEqual(timeOperations(row, touching, { start: 10_000, end: 14_000 }, dragged), []);
  assert.deepEqual(timeOperations({ id: "x", start_ms: null, end_ms: null }, {}, { start: 0, end: 0 }, dragged), []);
});

test("words beyond a boundary are counted, those of a neighbour only if its boundary moves", () => {
  const words = { before: [{ start: 8_000, end: 9_500 }], own: [{ start: 10_000, end: 10_400 }, { start: 13_000, end: 13_500 }], after: [{ start: 14_000, end: 14_400 }] };
  assert.deepEqual(consequences(row, touching, { start: 10_200, end: 14_000 }, dragged, words), { isBeforeMoved: true, isAfterMoved: false, cut: 1 });
  assert.deepEqual(consequences(row, touching, { start: 9_000, end: 14_200 }, dragged, words), { isBeforeMoved: true, isAfterMoved: true, cut: 2 });
  assert.equal(consequences(row, touching, { start: 9_000, end: 14_200 }, typed, words).cut, 0);
});

test("what else changes is said in sentences", () => {
  assert.equal(sentenceOf({ isBeforeMoved: false, isAfterMoved: false, cut: 0 }), "");
  assert.equal(sentenceOf({ isBeforeMoved: true, isAfterMoved: false, cut: 1 }), "The segment before ends where this one starts. 1 word is beyond a boundary: its time will be cut there.");
  assert.equal(sentenceOf({ isBeforeMoved: false, isAfterMoved: true, cut: 2 }), "The next segment starts where this one ends. 2 words are beyond a boundary: their times will be cut there.");
});

test("arrows move a boundary by 10 ms, with Shift by 100, Home and End to its limits", () => {
  const moved = (key, shiftKey = false) => movedByKey({ key, shiftKey }, 5_000, [1_000, 9_000]);
  assert.deepEqual(["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp", "Home", "End", "x"].map((key) => moved(key)), [4_990, 4_990, 5_010, 5_010, 1_000, 9_000, null]);
  assert.deepEqual([moved("ArrowLeft", true), moved("ArrowRight", true)], [4_900, 5_100]);
  assert.deepEqual([0, 5_000, 9_500].map((ms) => clamp(ms, [1_000, 9_000])), [1_000, 5_000, 9_000]);
});

test("times are short where there are no hours", () => {
  assert.deepEqual([12_480, 72_480, 732_480, 3_732_480].map(formatShortTime), ["0:12.480", "1:12.480", "12:12.480", "1:02:12.480"]);
});

test("peaks are the loudest samples, and near silence stays near silence", () => {
  assert.deepEqual(peaksOf(Float32Array.of(0, 0.25, -0.5, 0, 0.125), 2), [0.5, 1, 0.25]);
  assert.ok(Math.max(...peaksOf(Float32Array.of(0.001, -0.001), 1)) < 0.1);
  assert.deepEqual(peaksOf(new Float32Array(0), 2), []);
});

test("the outline of silence is a thin line", () => {
  assert.equal(outlineOf([0, 1]), "M0 0.980L1 0.000L1 2.000L0 1.020Z");
  assert.equal(outlineOf([]), "");
});

test("times after the end of the recording are refused with what is possible", () => {
  const known = { lastMs: 58_000, durationMs: 60_000 };
  assert.equal(faultOf({ start: 1_000, end: 60_000, shift: 2_000 }, known), "");
  assert.match(faultOf({ start: 1_000, end: 60_001, shift: 0 }, known), /ends at 1:00\.000/);
  assert.match(faultOf({ start: 1_000, end: 2_000, shift: 2_001 }, known), /by 0?:?0?2\.000 at most|by 2/);
  assert.match(faultOf({ start: 1_000, end: 2_000, shift: 1 }, { ...known, lastMs: 60_000 }), /only be shifted back/);
  assert.equal(faultOf({ start: 1_000, end: 2_000, shift: 9_000 }, { lastMs: 58_000, durationMs: 0 }), "");
  assert.match(faultOf({ start: 2_000, end: 1_000, shift: 0 }, known), /before the start/);
  assert.match(faultOf({ start: null, end: 1_000, shift: 0 }, known), /Write times/);
});
