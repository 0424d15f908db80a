// The rate of a transfer over the last seconds, and how sizes are written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRate, formatSize, formatTimeLeft } from "../../../static/js/uploads/transfer_rate.js";

test("the rate is that of the last seconds", () => {
  let now = 0;
  const rate = createRate(() => now);
  rate.add(0);
  assert.equal(rate.bytesPerSecond, 0);
  now = 2_000;
  rate.add(1_000);
  assert.equal(rate.bytesPerSecond, 500);
  now = 7_000;
  rate.add(11_000);
  assert.equal(rate.bytesPerSecond, 2_000);
  rate.reset();
  assert.equal(rate.bytesPerSecond, 0);
});

test("sizes have the precision that a person reads", () => {
  assert.deepEqual([999, 1_500, 2_345_678, 123_456_789, 5e12].map(formatSize), ["999 bytes", "2 KB", "2.3 MB", "123 MB", "5.0 TB"]);
});

test("the time left is unknown without a rate", () => {
  assert.deepEqual([formatTimeLeft(1_000, 0), formatTimeLeft(1_000, 100)], ["", "10 s left"]);
});
