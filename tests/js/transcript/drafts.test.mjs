// A draft lives until the server has it or a person discards it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createDrafts, sessionsWithDrafts } from "../../../static/js/transcript/drafts.js";
import { Clock, Storage } from "../support.mjs";

let storage, clock, server;

// A server with one marker; `away` answers nothing, `status` replaces its answers.
class Server {
  note = "";
  away = false;
  status = 0;
  asked = [];
  held = null;
  post = async (url, fields) => {
    this.asked.push({ url, ...fields });
    if (this.held) await this.held;
    if (this.away) return { status: 0 };
    if (this.status) return { status: this.status, detail: "No." };
    this.note = fields.note;
    return { status: 200, marker: { id: 7, note: this.note } };
  };
}

const open = (tab = "t1", onAnswer) =>
  createDrafts("s1", { onAnswer, storage, post: server.post, setTimer: clock.setTimer, clearTimer: clock.clearTimer, tab });
const write = (drafts, note) => drafts.save("marker:7", "/markers/7/", { note });
const notes = (drafts) => drafts.list().map((draft) => draft.fields.note);

beforeEach(() => {
  storage = new Storage();
  clock = new Clock();
  server = new Server();
});

test("a note that is saved leaves no draft", async () => {
  const drafts = open();
  await write(drafts, "mine");
  assert.deepEqual([server.note, drafts.list()], ["mine", []]);
});

for (const status of [0, 429, 500, 502, 503]) {
  test(`a server that answers ${status || "nothing"} is sent the draft again until it has it`, async () => {
    const drafts = open();
    server.away = status === 0;
    server.status = status;
    await write(drafts, "mine");
    assert.equal(drafts.list().length, 1);
    server.away = false;
    server.status = 0;
    await clock.pass(2_000);
    assert.deepEqual([server.note, drafts.list()], ["mine", []]);
  });
}

for (const status of [400, 403, 404]) {
  test(`a refusal (${status}) leaves the draft and its reason, and it is sent again if a person asks`, async () => {
    const drafts = open();
    server.status = status;
    await write(drafts, "mine");
    const [draft] = drafts.list();
    assert.deepEqual([draft.state, draft.sentence, draft.fields.note], ["refused", "No.", "mine"]);
    await drafts.settled();
    server.status = 0;
    await drafts.resend();
    assert.equal(server.note, "");
    await drafts.retry(draft.key);
    assert.deepEqual([server.note, drafts.list()], ["mine", []]);
  });
}

test("what was written while an answer was on its way is sent after it", async () => {
  const drafts = open();
  let go;
  server.held = new Promise((resolve) => { go = resolve; });
  const first = write(drafts, "mine");
  write(drafts, "mine, longer");
  server.held = null;
  go();
  await first;
  assert.deepEqual([server.note, server.asked.length, drafts.list()], ["mine, longer", 2, []]);
});

test("a reload sends what another page left, and two tabs that send the same save it once", async () => {
  server.away = true;
  await write(open("t1"), "mine");
  server.away = false;
  await Promise.all([open("t2").resend(), open("t3").resend()]);
  assert.deepEqual([server.note, open("t4").list()], ["mine", []]);
});

test("two tabs store a draft each of the same marker", async () => {
  server.away = true;
  await Promise.all([write(open("t1"), "from one"), write(open("t2"), "from two")]);
  assert.deepEqual(notes(open("t3")), ["from one", "from two"]);
});

test("a browser whose storage is full has drafts for the lifetime of the page", async () => {
  storage.full = true;
  server.away = true;
  const drafts = open();
  await write(drafts, "mine");
  assert.equal(drafts.list().length, 1);
  server.away = false;
  await clock.pass(2_000);
  assert.deepEqual([server.note, drafts.list()], ["mine", []]);
});

for (const [name, fields] of [["segment:7", { text: "old", revision: 1 }], ["voice:1", { label: "Ana" }]]) {
  test(`an edit that an earlier version kept (${name}) is neither sent nor lost, and no session waits for it`, async () => {
    storage.setItem(`verbatim-draft:s1:${name}:r1:t0`, JSON.stringify({ name, url: "/old/", fields, state: "waiting" }));
    const drafts = open();
    await drafts.resend();
    await drafts.settled();
    const [draft] = drafts.list();
    assert.deepEqual([server.asked, draft.state, draft.fields], [[], "earlier", fields]);
    drafts.discard(draft.key);
    assert.deepEqual(drafts.list(), []);
  });
}

test("a draft without a name is known by its key, a truncated one ignored", () => {
  storage.setItem("verbatim-draft:s1:segment:7", JSON.stringify({ url: "/segments/7/", fields: { text: "old", revision: 1 } }));
  storage.setItem("verbatim-draft:s1:segment:8", '{"url": "/seg');
  storage.setItem("theme", "dark");
  assert.deepEqual(sessionsWithDrafts(storage), ["s1"]);
  assert.deepEqual(open().list().map((draft) => [draft.state, draft.fields.text]), [["earlier", "old"]]);
});

test("an answer is reported by the name of what it is about", async () => {
  const answers = [];
  await write(open("t1", (name, answer) => answers.push([name, answer.status])), "mine");
  assert.deepEqual(answers, [["marker:7", 200]]);
});
