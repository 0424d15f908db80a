// Threads as the panel shows them, and what waits in the browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutbox } from "../../../../static/js/panels/comments/outbox.js";
import { FILTERS, inOrder, placeIn, withUnsent } from "../../../../static/js/panels/comments/threads.js";

const me = { id: 7, name: "Ana Lima" };
const thread = (id, more = {}) => ({ id, author: "Olena", own: false, body: "Is it?", at: "2026-11-28T12:00:00Z", removed: false, mentions_you: false, segment: "a", begin: 0, end: 3, latest: "one", lost: false, at_ms: 0, resolved: "", resolved_by: "", replies: [], ...more });
const draft = (name, fields, more = {}) => ({ key: name, name, fields, state: "waiting", sentence: "", at: 1, ...more });

test("what waits is shown with what the server has, once", () => {
  const drafts = [draft("add:n", { id: "n", body: "New", segment: "a", begin: "4", end: "7", quoted: "two" }), draft("add:r", { id: "r", parent: "n", body: "Reply" }), draft("add:k", { id: "k", body: "Known" })];
  const shown = withUnsent([thread("k")], drafts, me);
  assert.deepEqual(shown.map(({ id, replies }) => [id, replies.length]), [["k", 0], ["n", 1]]);
  assert.equal(shown[1].unsent.state, "waiting");
});

test("a change that waits is shown as done, one that was refused is not", () => {
  const drafts = [draft("settle:a", { resolved: "1" }), draft("edit:b", { body: "Now" }), draft("remove:c", {}), draft("edit:d", { body: "No" }, { state: "refused" })];
  const shown = withUnsent(["a", "b", "c", "d"].map((id) => thread(id)), drafts, me);
  assert.deepEqual(shown.map(({ id, body, resolved }) => [id, body, Boolean(resolved)]), [["a", "Is it?", true], ["b", "Now", false], ["d", "Is it?", false]]);
});

test("a comment that was deleted stays while it has replies", () => {
  assert.equal(withUnsent([thread("a", { removed: true })], [], me).length, 0);
  assert.equal(withUnsent([thread("a", { removed: true, replies: [thread("r")] })], [], me).length, 1);
});

test("threads are in the order of the text, moments among them", () => {
  const rows = [{ id: "a", start_ms: 0 }, { id: "b", start_ms: 2_000 }];
  const threads = [thread("late", { segment: "b" }), thread("second", { begin: 5 }), thread("moment", { segment: "", at_ms: 1_000 }), thread("first")];
  assert.deepEqual(inOrder(threads, rows).map(({ id }) => id), ["first", "second", "moment", "late"]);
});

test("for you are open threads that mention you, in replies too", () => {
  const threads = [thread("a", { mentions_you: true }), thread("b", { replies: [{ mentions_you: true }] }), thread("c", { mentions_you: true, resolved: "x" }), thread("d")];
  assert.deepEqual(threads.filter(FILTERS.you).map(({ id }) => id), ["a", "b"]);
});

test("a place counts code points, and follows its words in what is not saved yet", () => {
  const place = { begin: 2, end: 5, latest: "one", lost: false };
  assert.deepEqual(placeIn("𝒶 one", place), { from: 3, to: 6 });
  assert.deepEqual(placeIn("typed one one", place), { from: 6, to: 9 });
  assert.equal(placeIn("typed", place), null);
  assert.equal(placeIn("𝒶 one", { ...place, lost: true }), null);
});

function storage() {
  const items = new Map();
  return { items, get length() { return items.size; }, key: (at) => [...items.keys()][at], getItem: (key) => items.get(key) ?? null, setItem: (key, text) => items.set(key, text), removeItem: (key) => items.delete(key) };
}

test("a comment is kept until the server has it, under a name that other pages don't send", async () => {
  const kept = storage();
  const sent = [];
  const answers = [{ status: 0 }, { status: 200, comments: [] }];
  const options = { url: "/t/", ready: async () => sent.push("ready"), onAnswer: () => {}, onChange: () => {}, storage: kept, setTimer: () => 1, clearTimer: () => {} };
  const outbox = createOutbox({ ...options, post: async (url, fields) => { sent.push(fields.id); return answers.shift(); } });
  await outbox.add({ id: "n", segment: "a", body: "New" });
  assert.deepEqual([...kept.items.keys()].map((key) => key.startsWith("verbatim-draft:")), [false]);
  assert.equal(outbox.list().length, 1);
  const next = createOutbox({ ...options, post: async (url, fields) => { sent.push(fields.id); return answers.shift(); } });
  await next.resend();
  assert.deepEqual(sent, ["ready", "n", "ready", "n"]);
  assert.equal(kept.items.size, 0);
});
