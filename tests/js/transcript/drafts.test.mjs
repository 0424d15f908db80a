// A draft lives until the server has it or a person dropped it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { drafts, sessionsWithDrafts } from "../../../static/js/transcript/drafts.js";
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
    if (this.status) return { status: this.status, sentence: "No." };
    if (this.text === fields.text) return { status: 200, segment: this.segment };
    if (fields.revision !== this.revision) return { status: 409, sentence: "Someone else changed this segment.", segment: this.segment };
    this.colleague(fields.text);
    if (this.loseAnswer) return { status: 0 };
    return { status: 200, segment: this.segment };
  };
  get segment() { return { id: 7, text: this.text, revision: this.revision }; }
  colleague(text) { this.text = text; this.revision += 1; }
}

const tab = (client = "t1", settle) => drafts("s1", settle, { storage, post: server.post, later: clock.later, never: clock.never, client });
const write = (box, text, revision = 1, options) => box.put("segment:7", "/segments/7/", { text, revision }, options);

beforeEach(() => {
  storage = new Storage();
  clock = new Clock();
  server = new Server();
});

test("a correction that is saved leaves no draft", async () => {
  const box = tab();
  await write(box, "mine");
  assert.deepEqual([server.text, box.list()], ["mine", []]);
});

for (const status of [0, 429, 500, 502, 503]) {
  test(`a server that answers ${status || "nothing"} gets it again until it has it`, async () => {
    const box = tab();
    server.away = status === 0;
    server.status = status;
    await write(box, "mine");
    assert.equal(box.list().length, 1);
    server.away = false;
    server.status = 0;
    await clock.pass(2_000);
    assert.deepEqual([server.text, box.list()], ["mine", []]);
  });
}

test("a colleague's correction is not overwritten unasked, nor is the draft lost", async () => {
  const box = tab();
  server.colleague("theirs");
  await write(box, "mine");
  const [draft] = box.list();
  assert.deepEqual([draft.state, draft.fields.text, draft.fields.revision, draft.theirs.text], ["conflict", "mine", 1, "theirs"]);
  await clock.pass(60_000);
  await box.resend();
  assert.deepEqual([server.text, box.list().length], ["theirs", 1]);
});

test("what was written offline and sent later waits for a choice too, also after a reload", async () => {
  server.away = true;
  await write(tab(), "mine");
  server.colleague("theirs");
  server.away = false;
  const reloaded = tab("t2");
  await reloaded.resend();
  assert.deepEqual([server.text, reloaded.list()[0].state], ["theirs", "conflict"]);
  const again = tab("t3");
  await again.resend();
  assert.deepEqual([server.text, again.list()[0].fields.text, again.list()[0].theirs.text], ["theirs", "mine", "theirs"]);
});

test("use mine sends it over the text that was shown, and no other", async () => {
  const box = tab();
  server.colleague("theirs");
  await write(box, "mine");
  server.colleague("theirs, newer");
  await box.insist(box.list()[0].key);
  assert.deepEqual([server.text, box.list()[0].state, box.list()[0].theirs.text], ["theirs, newer", "conflict", "theirs, newer"]);
  await box.insist(box.list()[0].key);
  assert.deepEqual([server.text, box.list()], ["mine", []]);
});

test("use theirs drops it", async () => {
  const box = tab();
  server.colleague("theirs");
  await write(box, "mine");
  box.drop(box.list()[0].key);
  assert.deepEqual([server.text, box.list()], ["theirs", []]);
});

for (const status of [400, 403, 404]) {
  test(`a refusal (${status}) keeps the draft and its reason`, async () => {
    const box = tab();
    server.status = status;
    await write(box, "mine");
    const [draft] = box.list();
    assert.deepEqual([draft.state, draft.sentence, draft.fields.text], ["refused", "No.", "mine"]);
    server.status = 0;
    await box.insist(draft.key);
    assert.equal(server.text, "mine");
  });
}

test("only a 200 raises the revision of what was written on meanwhile", async () => {
  const box = tab();
  let go;
  server.held = new Promise((resolve) => { go = resolve; });
  const first = write(box, "mine");
  write(box, "mine, longer");
  server.held = null;
  go();
  await first;
  assert.deepEqual([server.text, server.revision, box.list()], ["mine, longer", 3, []]);
});

test("a conflict does not raise the revision of what was written on meanwhile", async () => {
  const box = tab();
  server.colleague("theirs");
  let go;
  server.held = new Promise((resolve) => { go = resolve; });
  const first = write(box, "mine");
  write(box, "mine, longer");
  server.held = null;
  go();
  await first;
  const [draft] = box.list();
  assert.deepEqual([server.text, draft.state, draft.fields], ["theirs", "conflict", { text: "mine, longer", revision: 1 }]);
});

test("an answer that got lost is no conflict with oneself", async () => {
  const box = tab();
  server.loseAnswer = true;
  await write(box, "mine");
  server.loseAnswer = false;
  await write(box, "mine, longer");
  await clock.pass(2_000);
  assert.deepEqual([server.text, box.list()], ["mine, longer", []]);
});

test("a draft that is corrected after a reload is replaced, not doubled", async () => {
  server.away = true;
  await write(tab("t1"), "mine");
  const reloaded = tab("t2");
  await write(reloaded, "mine, longer", 1, { replaces: reloaded.list()[0].key });
  server.away = false;
  await reloaded.resend();
  assert.deepEqual([server.text, reloaded.list()], ["mine, longer", []]);
});

test("an edit of a conflict is written on the colleague's revision", async () => {
  const box = tab();
  server.colleague("theirs");
  await write(box, "mine");
  const [draft] = box.list();
  await write(box, "both", draft.theirs.revision, { replaces: draft.key });
  assert.deepEqual([server.text, box.list()], ["both", []]);
});

test("editing a refused draft keeps the new text", async () => {
  const box = tab();
  server.status = 400;
  await write(box, "too long");
  await write(box, "shorter", 1, { replaces: box.list()[0].key });
  assert.deepEqual(box.list().map((draft) => draft.fields.text), ["shorter"]);
});

test("two tabs keep a draft each of the same segment", async () => {
  server.away = true;
  await Promise.all([write(tab("t1"), "from one"), write(tab("t2"), "from two")]);
  assert.deepEqual(tab("t3").list().map((draft) => draft.fields.text), ["from one", "from two"]);
  server.away = false;
  const box = tab("t3");
  await box.resend();
  await turn();
  const left = box.list();
  assert.deepEqual(left.map((draft) => [draft.state, draft.fields.text, draft.theirs.text]), [["conflict", "from two", "from one"]]);
});

test("two tabs that send the same draft save it once", async () => {
  server.away = true;
  await write(tab("t1"), "mine");
  server.away = false;
  await Promise.all([tab("t2").resend(), tab("t3").resend()]);
  assert.deepEqual([server.text, server.revision, tab("t4").list()], ["mine", 2, []]);
});

test("drafts of two revisions of one segment live beside each other", async () => {
  const box = tab();
  server.colleague("theirs");
  await write(box, "mine");
  await write(box, "later thought", 2);
  assert.deepEqual([server.text, box.list().map((draft) => draft.fields.text)], ["later thought", ["mine"]]);
});

test("everything that was settled says so while what waits for a choice stays", async () => {
  const box = tab();
  server.colleague("theirs");
  await write(box, "mine");
  await box.settled();
  assert.equal(box.list().length, 1);
});

test("a browser whose storage is full keeps drafts as long as the page", async () => {
  storage.full = true;
  server.away = true;
  const box = tab();
  await write(box, "mine");
  assert.equal(box.list().length, 1);
  server.away = false;
  await clock.pass(2_000);
  assert.deepEqual([server.text, box.list()], ["mine", []]);
});

test("what an earlier version stored, or something cut off, does no harm", async () => {
  storage.setItem("verbatim-draft:s1:segment:7", JSON.stringify({ url: "/segments/7/", fields: { text: "old", revision: 1 } }));
  storage.setItem("verbatim-draft:s1:segment:8", '{"url": "/seg');
  storage.setItem("theme", "dark");
  assert.deepEqual(sessionsWithDrafts(storage), ["s1"]);
  await tab().resend();
  assert.deepEqual([server.text, tab().list()], ["old", []]);
});

test("a colleague hears of a conflict by the name of what it is about", async () => {
  const heard = [];
  server.colleague("theirs");
  await write(tab("t1", (name, answer, draft) => heard.push([name, answer.status, draft.fields.text])), "mine");
  assert.deepEqual(heard, [["segment:7", 409, "mine"]]);
});
