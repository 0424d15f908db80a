// The history's own rules: days, steps between changes, what is restored, and what is told when the page is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stepFrom } from "../../../static/js/history/comparison.js";
import { dayName } from "../../../static/js/history/days.js";
import { loadPart } from "../../../static/js/history/part.js";
import { restoration, sendOperations } from "../../../static/js/history/restoring.js";

const now = new Date(2026, 10, 28, 0, 30);

test("an entry belongs to a day of the reader", () => {
  assert.equal(dayName(new Date(2026, 10, 28, 0, 1), now), "Today");
  assert.equal(dayName(new Date(2026, 10, 27, 23, 59), now), "Yesterday");
  assert.equal(dayName(new Date(2026, 10, 26, 12), now), "Thursday 26 November");
  assert.equal(dayName(new Date(2025, 10, 28, 12), now), "28 November 2025");
});

test("the day before is found across a month and a change of the clock", () => {
  assert.equal(dayName(new Date(2026, 9, 31, 23), new Date(2026, 10, 1, 1)), "Yesterday");
  assert.equal(dayName(new Date(2026, 2, 28, 23), new Date(2026, 2, 29, 23)), "Yesterday");
});

test("the next change after the last is the first", () => {
  assert.deepEqual([stepFrom(-1, 1, 3), stepFrom(2, 1, 3), stepFrom(0, -1, 3), stepFrom(-1, -1, 3)], [0, 0, 2, 2]);
});

test("a segment or everything is restored", () => {
  assert.deepEqual(restoration(3, "s0"), { op: "restore", to: 3, ids: ["s0"] });
  assert.deepEqual(restoration(0, undefined), { op: "restore", to: 0, ids: null });
});

test("without an editor a restoration is a batch of its own", async () => {
  globalThis.document = { cookie: "csrftoken=abc" };
  let sent;
  const send = async (url, options) => {
    sent = { url, ...options, body: JSON.parse(options.body) };
    return { ok: true, redirected: false };
  };
  assert.equal(await sendOperations("/edits/", 7, [restoration(3, "s0")], send), "");
  assert.match(sent.body.client, /^[0-9a-f]{16}$/);
  assert.deepEqual({ ...sent.body, client: "" }, { client: "", n: 1, seq: 7, direction: "", ops: [{ op: "restore", to: 3, ids: ["s0"] }] });
  assert.equal(sent.headers["X-CSRFToken"], "abc");
});

test("a refusal is told in the server's words, and a lost connection in ours", async () => {
  globalThis.document = { cookie: "" };
  const refused = async () => ({ ok: false, json: async () => ({ detail: "Not now." }) });
  assert.equal(await sendOperations("/edits/", 0, [], refused), "Not now.");
  const lost = async () => { throw new TypeError("lost"); };
  assert.match(await sendOperations("/edits/", 0, [], lost), /can’t be reached/);
});

test("a sign-in page is not taken for a part", async () => {
  const answers = { part: { ok: true, redirected: false, text: async () => "<li>" }, login: { ok: true, redirected: true }, error: { ok: false } };
  const get = async (url) => answers[url];
  assert.deepEqual([await loadPart("part", get), await loadPart("login", get), await loadPart("error", get)], ["<li>", null, null]);
});
