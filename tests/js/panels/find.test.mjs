// What is found in the text, and what replaces it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { around, expressionOf, findIn, replacementOf } from "../../../static/js/panels/find/matches.js";
import { createSearch, TOO_LONG, UNREADABLE } from "../../../static/js/panels/find/search.js";
import { Clock } from "../support.mjs";

const ROWS = [{ id: "s0", text: "The silt, the Silt and the siltation." }, { id: "s1", text: "Café or cafe? 👍 Cafés." }];
const found = (query, rows = ROWS) => findIn(rows, { isCase: false, isWord: false, isAccent: false, isRegex: false, ...query }).map(({ id, from, text }) => [id, from, text]);

test("case and whole words are as asked", () => {
  assert.equal(found({ text: "silt" }).length, 3);
  assert.deepEqual(found({ text: "silt", isWord: true }), [["s0", 4, "silt"], ["s0", 14, "Silt"]]);
  assert.deepEqual(found({ text: "Silt", isCase: true }), [["s0", 14, "Silt"]]);
});

test("accents are ignored unless they are asked for", () => {
  assert.deepEqual(found({ text: "cafe" }).map(([, from, text]) => [from, text]), [[0, "Café"], [8, "cafe"], [17, "Café"]]);
  assert.deepEqual(found({ text: "é", isAccent: true }).map(([, from]) => from), [3, 20]);
});

test("a decomposed accent belongs to its letter", () => {
  assert.deepEqual(found({ text: "cafe" }, [{ id: "a", text: "un cafe\u0301 noir" }]), [["a", 3, "cafe\u0301"]]);
});

test("an accented word is found by its decomposed form", () => {
  assert.deepEqual(found({ text: "cafe\u0301" }, [{ id: "a", text: "un café" }]), [["a", 3, "café"]]);
});

test("what is special in expressions is plain in a text", () => {
  assert.deepEqual(found({ text: "cafe?" }), [["s1", 8, "cafe?"]]);
  assert.throws(() => expressionOf({ text: "(", isRegex: true }), SyntaxError);
});

test("a replacement has the groups as they are in the text", () => {
  const [match] = findIn([{ id: "a", text: "in José Pérez said" }], { text: "(jose) (perez)", isRegex: true });
  assert.equal(replacementOf(match, "$2, $1 ($&) $$ $7", true), "Pérez, José (José Pérez) $ $7");
  assert.equal(replacementOf(match, "$1", false), "$1");
});

test("an expression that matches nothing at all places finds nothing", () => {
  assert.deepEqual(found({ text: "x*", isRegex: true }), []);
});

test("the words around a match are cut where there are more", () => {
  assert.deepEqual(around("one two three", { from: 4, to: 7 }, 2), { before: "…e ", after: " t…" });
  assert.deepEqual(around("two", { from: 0, to: 3 }), { before: "", after: "" });
});

class Worker {
  static last = null;
  isEnded = false;
  constructor() { Worker.last = this; }
  postMessage(message) { this.asked = message; }
  terminate() { this.isEnded = true; }
}

test("an expression that takes too long ends its worker", async () => {
  const clock = new Clock();
  const search = createSearch({ createWorker: () => new Worker(), setTimer: clock.setTimer, clearTimer: clock.clearTimer, deadlineMs: 100 });
  const result = assert.rejects(search.find(ROWS, { text: "(a+)+$", isRegex: true }), { message: TOO_LONG });
  await clock.pass(100);
  await result;
  assert.ok(Worker.last.isEnded);
});

test("the worker's answer and its refusal arrive", async () => {
  const search = createSearch({ createWorker: () => new Worker() });
  const first = search.find(ROWS, { text: "a", isRegex: true });
  Worker.last.onmessage({ data: { found: [1] } });
  assert.deepEqual(await first, [1]);
  const second = search.find(ROWS, { text: "(", isRegex: true });
  Worker.last.onmessage({ data: { error: "Unterminated group" } });
  await assert.rejects(second, { message: UNREADABLE });
});
