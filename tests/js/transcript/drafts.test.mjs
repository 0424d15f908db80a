// A draft lives until the server has it or a person discards it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createDrafts, sessionsWithDrafts } from "../../../static/js/transcript/drafts.js";
import { Clock, Storage, turn } from "../support.mjs";

let storage, clock, server;

// A server with one segment; `away` answers nothing, `status` replaces its answers.
class Server {
  text = "as transcribed";
  revision = 1;
  away = false;
  status = 0;
  asked = [];
  held = null;
  post = async (url, fields) => {
    this.asked.push({ url, ...fields });
    if (this.held) await this.held;
    if (this.away) return { status: 0 };
    if (this.status) return { status: this.status, detail: "No." };
    if (this.text === fields.text) return { status: 200, segment: this.segment };
    if (fields.revision !== this.revision) return { status: 409, detail: "Someone else changed this segment.", segment: this.segment };
    this.colleague(fields.text);
    if (this.loseAnswer) return { status: 0 };
    return { status: 200, segment: this.segment };
  };
  get segment() { return { id: 7, text: this.text, revision: this.revision }; }
  colleague(text) { this.text = text; this.revision += 1; }
}

const open = (tab = "t1", onAnswer) =>
  createDrafts("s1", { onAnswer, storage, post: server.post, setTimer: clock.setTimer, clearTimer: clock.clearTimer, tab });
const write = (drafts, text, revision = 1, options) => drafts.save("segment:7", "/segments/7/", { text, revision }, options);

beforeEach(() => {
  storage = new Storage();
  clock = new Clock();
  server = new Server();
});

test("a correction that is saved leaves no draft", async () => {
  const drafts = open();
  await write(drafts, "mine");
  assert.deepEqual([server.text, drafts.list()], ["mine", []]);
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
    assert.deepEqual([server.text, drafts.list()], ["mine", []]);
  });
}

test("a colleague's correction is not overwritten, and the draft is not lost", async () => {
  const drafts = open();
  server.colleague("theirs");
  await write(drafts, "mine");
  const [draft] = drafts.list();
  assert.deepEqual([draft.state, draft.fields.text, draft.fields.revision, draft.theirs.text], ["conflict", "mine", 1, "theirs"]);
  await clock.pass(60_000);
  await drafts.resend();
  assert.deepEqual([server.text, drafts.list().length], ["theirs", 1]);
});

test("a draft written offline waits for a choice when it is sent later, also after a reload", async () => {
  server.away = true;
  await write(open(), "mine");
  server.colleague("theirs");
  server.away = false;
  const reloaded = open("t2");
  await reloaded.resend();
  assert.deepEqual([server.text, reloaded.list()[0].state], ["theirs", "conflict"]);
  const again = open("t3");
  await again.resend();
  assert.deepEqual([server.text, again.list()[0].fields.text, again.list()[0].theirs.text], ["theirs", "mine", "theirs"]);
});

test("use mine sends it over the text that was shown, and no other", async () => {
  const drafts = open();
  server.colleague("theirs");
  await write(drafts, "mine");
  server.colleague("theirs, newer");
  await drafts.overrule(drafts.list()[0].key);
  assert.deepEqual([server.text, drafts.list()[0].state, drafts.list()[0].theirs.text], ["theirs, newer", "conflict", "theirs, newer"]);
  await drafts.overrule(drafts.list()[0].key);
  assert.deepEqual([server.text, drafts.list()], ["mine", []]);
});

test("use theirs drops it", async () => {
  const drafts = open();
  server.colleague("theirs");
  await write(drafts, "mine");
  drafts.discard(drafts.list()[0].key);
  assert.deepEqual([server.text, drafts.list()], ["theirs", []]);
});

for (const status of [400, 403, 404]) {
  test(`a refusal (${status}) leaves the draft and its reason`, async () => {
    const drafts = open();
    server.status = status;
    await write(drafts, "mine");
    const [draft] = drafts.list();
    assert.deepEqual([draft.state, draft.sentence, draft.fields.text], ["refused", "No.", "mine"]);
    server.status = 0;
    await drafts.overrule(draft.key);
    assert.equal(server.text, "mine");
  });
}

test("only a 200 raises the revision of what was written in between", async () => {
  const drafts = open();
  let go;
  server.held = new Promise((resolve) => { go = resolve; });
  const first = write(drafts, "mine");
  write(drafts, "mine, longer");
  server.held = null;
  go();
  await first;
  assert.deepEqual([server.text, server.revision, drafts.list()], ["mine, longer", 3, []]);
});

test("a conflict does not raise the revision of what was written in between", async () => {
  const drafts = open();
  server.colleague("theirs");
  let go;
  server.held = new Promise((resolve) => { go = resolve; });
  const first = write(drafts, "mine");
  write(drafts, "mine, longer");
  server.held = null;
  go();
  await first;
  const [draft] = drafts.list();
  assert.deepEqual([server.text, draft.state, draft.fields], ["theirs", "conflict", { text: "mine, longer", revision: 1 }]);
});

test("an answer that was lost is no conflict with oneself", async () => {
  const drafts = open();
  server.loseAnswer = true;
  await write(drafts, "mine");
  server.loseAnswer = false;
  await write(drafts, "mine, longer");
  await clock.pass(2_000);
  assert.deepEqual([server.text, drafts.list()], ["mine, longer", []]);
});

test("a draft that is corrected after a reload is replaced, not doubled", async () => {
  server.away = true;
  await write(open("t1"), "mine");
  const reloaded = open("t2");
  await write(reloaded, "mine, longer", 1, { replaces: reloaded.list()[0].key });
  server.away = false;
  await reloaded.resend();
  assert.deepEqual([server.text, reloaded.list()], ["mine, longer", []]);
});

test("an edit of a conflict is written on the colleague's revision", async () => {
  const drafts = open();
  server.colleague("theirs");
  await write(drafts, "mine");
  const [draft] = drafts.list();
  await write(drafts, "both", draft.theirs.revision, { replaces: draft.key });
  assert.deepEqual([server.text, drafts.list()], ["both", []]);
});

test("editing a refused draft replaces its text", async () => {
  const drafts = open();
  server.status = 400;
  await write(drafts, "too long");
  await write(drafts, "shorter", 1, { replaces: drafts.list()[0].key });
  assert.deepEqual(drafts.list().map((draft) => draft.fields.text), ["shorter"]);
});

test("two tabs store a draft each of the same segment", async () => {
  server.away = true;
  await Promise.all([write(open("t1"), "from one"), write(open("t2"), "from two")]);
  assert.deepEqual(open("t3").list().map((draft) => draft.fields.text), ["from one", "from two"]);
  server.away = false;
  const drafts = open("t3");
  await drafts.resend();
  await turn();
  const left = drafts.list();
  assert.deepEqual(left.map((draft) => [draft.state, draft.fields.text, draft.theirs.text]), [["conflict", "from two", "from one"]]);
});

test("two tabs that send the same draft save it once", async () => {
  server.away = true;
  await write(open("t1"), "mine");
  server.away = false;
  await Promise.all([open("t2").resend(), open("t3").resend()]);
  assert.deepEqual([server.text, server.revision, open("t4").list()], ["mine", 2, []]);
});

test("drafts of two revisions of one segment live beside each other", async () => {
  const drafts = open();
  server.colleague("theirs");
  await write(drafts, "mine");
  await write(drafts, "later thought", 2);
  assert.deepEqual([server.text, drafts.list().map((draft) => draft.fields.text)], ["later thought", ["mine"]]);
});

test("waiting for the server ends while a draft waits for a choice", async () => {
  const drafts = open();
  server.colleague("theirs");
  await write(drafts, "mine");
  await drafts.settled();
  assert.equal(drafts.list().length, 1);
});

test("a browser whose storage is full has drafts for the lifetime of the page", async () => {
  storage.full = true;
  server.away = true;
  const drafts = open();
  await write(drafts, "mine");
  assert.equal(drafts.list().length, 1);
  server.away = false;
  await clock.pass(2_000);
  assert.deepEqual([server.text, drafts.list()], ["mine", []]);
});

test("a draft of an earlier version is sent, a truncated one ignored", async () => {
  storage.setItem("verbatim-draft:s1:segment:7", JSON.stringify({ url: "/segments/7/", fields: { text: "old", revision: 1 } }));
  storage.setItem("verbatim-draft:s1:segment:8", '{"url": "/seg');
  storage.setItem("theme", "dark");
  assert.deepEqual(sessionsWithDrafts(storage), ["s1"]);
  await open().resend();
  assert.deepEqual([server.text, open().list()], ["old", []]);
});

test("a conflict is reported by the name of what it is about", async () => {
  const answers = [];
  server.colleague("theirs");
  await write(open("t1", (name, answer, draft) => answers.push([name, answer.status, draft.fields.text])), "mine");
  assert.deepEqual(answers, [["segment:7", 409, "mine"]]);
});
