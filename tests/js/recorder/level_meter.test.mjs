// Warnings about the input level.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLevelWatch, levelOf } from "../../../static/js/recorder/level_meter.js";

const warningAfter = (frames, peak, watch = createLevelWatch()) => Array.from({ length: frames }, () => watch(peak)).at(-1);

test("the meter shows decibels", () => {
  assert.deepEqual([levelOf(0), levelOf(1), levelOf(0.001)], [0, 1, 0]);
  assert.ok(Math.abs(levelOf(0.1) - 0.6) < 1e-9);
});

test("silence is reported after eight seconds, and no longer once there is audio", () => {
  const watch = createLevelWatch();
  assert.equal(warningAfter(80, 0, watch), "");
  assert.match(warningAfter(1, 0, watch), /^No audio/);
  assert.equal(warningAfter(1, 0.2, watch), "");
});

test("audio that clips again and again is reported, a single peak is not", () => {
  assert.equal(warningAfter(5, 1), "");
  assert.match(warningAfter(6, 1), /too loud/);
});
