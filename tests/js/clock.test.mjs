// Times as a reader in any time zone expects them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPosition, formatDay, formatDuration, formatRemaining, pausedSince } from "../../static/js/clock.js";

test("a duration has hours only if it reaches one", () => {
  assert.deepEqual([0, 999, 65_000, 3_599_999, 3_600_000, 36_065_000].map(formatDuration), ["0:00", "0:00", "1:05", "59:59", "1:00:00", "10:01:05"]);
});

test("what remains is told in the unit that is precise enough", () => {
  assert.deepEqual([1, 89, 90, 5_399, 5_400, 36_000].map(formatRemaining), ["1 s", "89 s", "2 min", "90 min", "2 h", "10 h"]);
});

test("a pause that began today shows the time, an older one its date too", () => {
  const today = new Date();
  today.setHours(14, 2);
  assert.equal(pausedSince(today.toISOString()), "Paused: no one has been connected since 14:02");
  assert.match(pausedSince(new Date(2020, 4, 3, 9, 5).toISOString()), /since 3 May 09:05$/);
});

test("a day is named as people do", () => {
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12);
  assert.match(formatDay(now), /^today \d\d:\d\d$/);
  assert.equal(formatDay(yesterday), "yesterday");
  assert.equal(formatDay(new Date(2020, 4, 3)), "3 May 2020");
});

test("a position runs on between updates, for a while and only while recording", () => {
  let [now, isRunning] = [1_000, true];
  const position = createPosition(5_000, () => isRunning, () => now);
  now = 1_400;
  assert.equal(position.nowMs, 5_400);
  now = 9_000;
  assert.equal(position.nowMs, 7_000);
  isRunning = false;
  assert.deepEqual([position.nowMs, position.lastMs], [5_000, 5_000]);
  position.update(8_000);
  assert.equal(position.nowMs, 8_000);
});
