// The console's first page refreshes itself, but never under someone's hands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTimer, isIdle } from "../../../static/js/operations/idle.js";

const part = ({ open = false, holds = false } = {}) => ({ querySelector: () => (open ? {} : null), contains: () => holds });
const page = ({ hidden = false, types = false } = {}) => ({ hidden, activeElement: { matches: () => types } });

test("a part that no one touches is idle", () => assert.ok(isIdle(part(), page())));

test("a part with an open act is not", () => assert.ok(!isIdle(part({ open: true }), page())));

test("a part that someone types in is not, one beside it is", () => {
  assert.ok(!isIdle(part({ holds: true }), page({ types: true })));
  assert.ok(isIdle(part(), page({ types: true })));
});

test("a page in the background asks for nothing", () => assert.ok(!isIdle(part(), page({ hidden: true }))));

test("it is fetched every so many seconds, and as soon as it is idle again", () => {
  let [fetched, idle] = [0, true];
  const tick = createTimer(3, () => idle, () => (fetched += 1));
  for (let second = 0; second < 6; second += 1) tick();
  assert.equal(fetched, 2);
  idle = false;
  for (let second = 0; second < 6; second += 1) tick();
  assert.equal(fetched, 2);
  idle = true;
  tick();
  assert.equal(fetched, 3);
});
