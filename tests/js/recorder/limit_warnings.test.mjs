// Warnings about limits appear and disappear with what the server reports.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createLimitWarnings } from "../../../static/js/recorder/limit_warnings.js";

let parts, sent, receive;

beforeEach(() => {
  const node = () => ({ hidden: true, textContent: "", addEventListener(name, act) { this.click = act; } });
  parts = { limit: node(), warning: node(), continue: node() };
  sent = [];
  receive = createLimitWarnings({ part: (name) => parts[name], send: (message) => sent.push(message) });
});

test("silence is announced with its time, and a button continues the session", () => {
  receive({ type: "silence", left_s: 60 });
  assert.match(parts.limit.textContent, /In 60 seconds the session ends/);
  assert.deepEqual([parts.warning.hidden, parts.continue.hidden], [false, false]);
  parts.continue.click();
  assert.deepEqual([sent, parts.warning.hidden], [[{ type: "go_on" }], true]);
});

test("speech ends a warning about silence, and no other", () => {
  receive({ type: "silence", left_s: 60 });
  receive({ type: "sound" });
  assert.equal(parts.warning.hidden, true);
  receive({ type: "full", sentence: "The disk is full." });
  receive({ type: "sound" });
  assert.deepEqual([parts.limit.textContent, parts.continue.hidden], ["The disk is full.", true]);
});

test("a full disk is no longer reported once audio is saved again", () => {
  receive({ type: "full", sentence: "The disk is full." });
  receive({ type: "ack", next: 1 });
  assert.equal(parts.warning.hidden, true);
});

test("a slot that is free ends the warning that none was", () => {
  receive({ type: "refused", sentence: "No live slot is free." });
  receive({ type: "hello", holds: true, next: 0 });
  assert.equal(parts.warning.hidden, true);
});
