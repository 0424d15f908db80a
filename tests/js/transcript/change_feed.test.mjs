// Numbered changes: a page asks only for what stays missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChangeFeed } from "../../../static/js/transcript/change_feed.js";

test("changes that arrive out of order are requested only if one stays missing", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const requested = [];
  const changes = createChangeFeed(3, (change) => requested.push(change));
  changes.add(5);
  changes.add(4);
  t.mock.timers.tick(1_000);
  assert.deepEqual([changes.last, requested], [5, []]);
  changes.add(8);
  t.mock.timers.tick(1_000);
  assert.deepEqual([changes.last, requested], [5, [5]]);
  changes.advanceTo(8);
  assert.equal(changes.last, 8);
  changes.end();
});
