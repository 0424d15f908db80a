// Small modules that are nothing but logic.
import assert from "node:assert/strict";
import { test } from "node:test";
import { counter } from "../../static/js/live/counter.js";
import { within } from "../../static/js/live/patience.js";
import { pausedSince } from "../../static/js/times.js";

test("changes that came in another order are asked for only if one stays missing", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const changes = counter(3, (change) => asked.push(change));
  changes.came(5);
  changes.came(4);
  t.mock.timers.tick(1_000);
  assert.deepEqual([changes.last, asked], [5, []]);
  changes.came(8);
  t.mock.timers.tick(1_000);
  assert.deepEqual([changes.last, asked], [5, [5]]);
  changes.upTo(8);
  assert.equal(changes.last, 8);
  changes.end();
});

test("a step that takes too long has a name", async () => {
  await assert.rejects(within(1, "AudioNotStarted", new Promise(() => {})), { name: "AudioNotStarted" });
  assert.equal(await within(1_000, "Never", Promise.resolve("done")), "done");
  await assert.rejects(within(1_000, "Never", Promise.reject(new Error("its own"))), { message: "its own" });
});

test("a pause of today is said by the hour, an older one with its day", () => {
  const today = new Date();
  today.setHours(14, 2);
  assert.equal(pausedSince(today.toISOString()), "Paused: no one has been connected since 14:02");
  assert.match(pausedSince(new Date(2020, 4, 3, 9, 5).toISOString()), /since 3 May 09:05$/);
});
