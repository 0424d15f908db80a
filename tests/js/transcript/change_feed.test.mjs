// Numbered changes: a page asks only for what stays missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { counter } from "../../../static/js/transcript/change_feed.js";

test("changes that arrive out of order are requested only if one stays missing", async (t) => {
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
