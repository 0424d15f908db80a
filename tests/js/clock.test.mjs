// Moments as a reader in any time zone expects them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pausedSince } from "../../static/js/clock.js";

test("a pause that began today shows the time, an older one its date too", () => {
  const today = new Date();
  today.setHours(14, 2);
  assert.equal(pausedSince(today.toISOString()), "Paused: no one has been connected since 14:02");
  assert.match(pausedSince(new Date(2020, 4, 3, 9, 5).toISOString()), /since 3 May 09:05$/);
});
