// What the panel of subtitles decides without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { around, borderOffsets, counted, cueAtText, cueAtTime, extendOperations, nextFaulty, noRoom, splitOperation, tenths } from "../../../../static/js/panels/subtitles/cues.js";

const cue = (start, end, ...places) => ({ start, end, places });
const CUES = [cue(0, 900, ["a", 0, 10]), cue(1_000, 1_900, ["a", 11, 20]), cue(2_000, 2_900, ["b", 0, 4], ["c", 0, 5]), cue(3_000, 3_900, ["c", 6, 9])];
const FAULTS = [{ cue: 0, accepted: true }, { cue: 1, accepted: false }, { cue: 3, accepted: false }, { cue: 3, accepted: false }];

test("a place of the text is in the subtitle that begins at or before it", () => {
  assert.deepEqual([["a", 0], ["a", 10], ["a", 11], ["c", 2], ["c", 60], ["z", 0]].map(([id, at]) => cueAtText(CUES, id, at)), [0, 0, 1, 2, 3, -1]);
  assert.equal(cueAtText([cue(0, 9, ["a", 3, 5])], "a", 0), 0);
});

test("a moment is in the subtitle that was shown last", () => {
  assert.deepEqual([-5, 0, 950, 2_000, 9_000].map((ms) => cueAtTime(CUES, ms)), [0, 0, 0, 2, 3]);
  assert.equal(cueAtTime([], 5), -1);
});

test("faults follow each other around the end, accepted ones left out, two of one subtitle once", () => {
  assert.deepEqual([[0, 1], [1, 1], [3, 1], [3, -1], [1, -1]].map(([at, step]) => nextFaulty(FAULTS, at, step)), [1, 3, 1, 1, 3]);
  assert.equal(nextFaulty([FAULTS[0]], 2, 1), -1);
});

test("borders are before every subtitle but the first of a segment", () => {
  assert.deepEqual([...borderOffsets(CUES)], [["a", [11]], ["c", [6]]]);
});

test("what is around an index never leaves the list", () => {
  assert.deepEqual([around(9, 0), around(9, 4), around(9, 8), around(2, 1), around(0, -1)], [[0, 5], [2, 7], [4, 9], [0, 2], [0, 0]]);
});

test("extending moves a boundary; inside of a segment the next subtitle is split off first", () => {
  const row = { text: "one two", speaker: "1" };
  assert.deepEqual(extendOperations({ id: "a", at: 0, ms: 700 }, row, () => "n"), [{ op: "move_boundary", id: "a", ms: 700 }]);
  assert.deepEqual(extendOperations({ id: "a", at: 4, ms: 700 }, row, () => "n"), [
    { op: "split", id: "a", was: "one two", at: 4, new: "n", speaker: "1" }, { op: "move_boundary", id: "n", ms: 700 },
  ]);
  assert.deepEqual(splitOperation(["a", 4], row, () => "n"), { op: "split", id: "a", was: "one two", at: 4, new: "n", speaker: "1" });
});

test("times and counts are written as people read them", () => {
  assert.equal(tenths(1_209_260), "20:09.2");
  assert.equal(counted(FAULTS, 614), "3 faults in 614 subtitles");
  assert.equal(counted([FAULTS[1]], 1), "1 fault in 1 subtitle");
  assert.equal(noRoom({ more_ms: 650, room_ms: 390 }), "Only 0.3 s of 0.7 s are free before the next subtitle. Shorten the text.");
  assert.match(noRoom({ more_ms: 650, room_ms: 0 }), /no room/u);
});
