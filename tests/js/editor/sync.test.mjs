// Pages and server: each batch counts once, and pages show the same whatever arrives when.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeBefore, split } from "../../../static/js/editor/commands.js";
import { asText, createPage, createServer, quiet, row, textsOf, turn } from "./support.mjs";

const start = (texts = ["one two three", "four five"]) => {
  const server = createServer(texts.map((text, at) => row(`s${at}`, text)));
  return { server, ann: createPage(server, { client: "aa" }), ben: createPage(server, { client: "bb" }) };
};

test("what one page types, the other shows", async () => {
  const { server, ann, ben } = start();
  ann.caret(0, -1);
  ann.type(" and more");
  await quiet([ann, ben]);
  assert.deepEqual(textsOf(ben), ["one two three and more", "four five"]);
  assert.deepEqual(server.log.map(({ ops }) => ops.map((op) => op.op)), [["set_text"]]);
  assert.deepEqual(ann.states.at(-1), { state: "saved", waiting: 0 });
});

test("two people who change one segment both keep their words", async () => {
  const { ann, ben } = start();
  ann.caret(0, -1);
  ann.type(" end");
  ben.caret(0, 0);
  ben.type("begin ");
  await quiet([ann, ben]);
  assert.equal(textsOf(ann)[0], "begin one two three end");
  assert.deepEqual(textsOf(ann), textsOf(ben));
});

test("text typed in a segment that another page split goes to the half it belongs to", async () => {
  const { ann, ben } = start();
  ann.caret(0, 7);
  ann.run(split);
  await quiet([ann]);
  ben.caret(0, -1);
  ben.type(" tail");
  await quiet([ann, ben]);
  assert.deepEqual(textsOf(ann), ["one two", "three tail", "four five"]);
  assert.deepEqual(textsOf(ann), textsOf(ben));
});

test("a batch whose answer was lost is sent again and counts once", async () => {
  const { timers, pass } = fakeTimers();
  const server = createServer([row("s0", "one")]);
  const ann = createPage(server, { client: "aa", timers });
  ann.caret(0, 0);
  ann.type("x ");
  ann.sync.flush();
  const { batch, done } = ann.outbox.shift();
  server.receive(batch);
  done({ status: 0 });
  await turn();
  assert.equal(ann.states.at(-1).state, "offline");
  pass();
  assert.deepEqual(ann.outbox[0].batch, batch);
  await quiet([ann]);
  assert.deepEqual([server.log.length, server.rows()[0].text], [1, "x one"]);
});

test("offline edits wait as batches in their order, and are sent once the network is back", async () => {
  const { timers, pass } = fakeTimers();
  const server = createServer([row("s0", "one")]);
  const ann = createPage(server, { client: "aa", timers });
  for (const text of [" a", " b", " c"]) {
    ann.caret(0, -1);
    ann.type(text);
    ann.sync.flush();
  }
  ann.outbox.shift().done({ status: 0 });
  await turn();
  assert.deepEqual(ann.states.at(-1), { state: "offline", waiting: 3 });
  pass();
  await quiet([ann]);
  assert.equal(server.rows()[0].text, "one a b c");
  assert.equal(server.log.length, 3);
  assert.equal(ann.states.at(-1).state, "saved");
});

test("an answer lost and sent again is applied once, though others edited since", async () => {
  const { timers, pass } = fakeTimers();
  const server = createServer([row("s0", "one")]);
  const ann = createPage(server, { client: "aa", timers });
  const ben = createPage(server, { client: "bb" });
  ann.caret(0, -1);
  ann.type(" more");
  ann.sync.flush();
  const { batch, done } = ann.outbox.shift();
  server.receive(batch);
  done({ status: 0 });
  await turn();
  ben.caret(0, 0);
  ben.type("so ");
  await quiet([ben]);
  ann.inbox.length = 0;
  ann.sync.receive(server.helloSince(0));
  pass();
  await quiet([ann, ben]);
  assert.equal(asText(ann.rows()), asText(server.rows()));
  assert.equal(server.rows()[0].text, "so one more");
});

test("a gap in the feed is asked for, and what came early is taken in its order", async () => {
  const { timers, pass } = fakeTimers();
  const server = createServer([row("s0", "one")]);
  const ann = createPage(server, { client: "aa" });
  const ben = createPage(server, { client: "bb", timers });
  for (const text of [" a", " b"]) {
    ann.caret(0, -1);
    ann.type(text);
    await quiet([ann]);
  }
  ben.inbox.reverse();
  ben.hear();
  assert.equal(textsOf(ben)[0], "one");
  pass();
  assert.deepEqual(ben.requests, [0]);
  ben.hear();
  assert.equal(textsOf(ben)[0], "one a b");
});

test("a refused batch is kept and shown until someone sends it again or discards it", async () => {
  const { server, ann } = start();
  ann.caret(0, -1);
  ann.type(" refused");
  ann.sync.flush();
  ann.outbox.shift().done({ status: 403, detail: "You have view-only access." });
  await turn();
  const told = ann.states.at(-1);
  assert.deepEqual([told.state, told.waiting, told.sentence, told.ops[0].text], ["refused", 1, "You have view-only access.", "one two three refused"]);
  assert.equal(ann.outbox.length, 0);
  ann.sync.discard();
  assert.equal(textsOf(ann)[0], "one two three");
  ann.caret(1, -1);
  ann.type(" six");
  await quiet([ann]);
  assert.equal(server.rows()[1].text, "four five six");
  assert.equal(server.log[0].message.n, 1);
});

test("what was not sent before a reload is sent by the next page", async () => {
  const { server, ann, ben } = start();
  ann.caret(0, -1);
  ann.type(" kept");
  ann.sync.flush();
  server.receive(ann.outbox[0].batch); // the answer never arrives
  ann.caret(1, -1);
  ann.type(" too");
  const record = structuredClone(ann.sync.record(true));
  ann.leave();
  ben.caret(1, 0);
  ben.type("also ");
  await quiet([ben]);
  const next = createPage(server, { client: "cc" });
  next.own.restore([record]);
  await quiet([next, ben]);
  assert.deepEqual(server.rows().map((one) => one.text), ["one two three kept", "also four five too"]);
  assert.equal(asText(next.rows()), asText(server.rows()));
  assert.equal(asText(ben.rows()), asText(server.rows()));
});

test("nothing is sent and nothing arrives during a composition", async () => {
  const { ann, ben } = start();
  ann.sync.hold();
  ann.caret(0, -1);
  ann.type(" ni");
  ann.sync.flush();
  ben.caret(0, 0);
  ben.type("so ");
  await quiet([ben]);
  ann.hear();
  assert.deepEqual([textsOf(ann)[0], ann.outbox.length], ["one two three ni", 0]);
  ann.sync.release();
  await quiet([ann, ben]);
  assert.equal(textsOf(ben)[0], "so one two three ni");
});

test("a rename shows immediately and can be undone", async () => {
  const { server, ann, ben } = start();
  ann.own.push([{ op: "rename_speaker", speaker: "1", label: "Dr. Ann" }]);
  assert.equal(ann.sync.rows.speakers.get("1").label, "Dr. Ann");
  await quiet([ann, ben]);
  assert.equal(ben.sync.rows.speakers.get("1").label, "Dr. Ann");
  ann.undo();
  await quiet([ann]);
  assert.deepEqual(server.log.at(-1).ops, [{ op: "undo", edit: 1 }]);
});

test("merging and splitting travel as such, not as new texts", async () => {
  const { server, ann } = start();
  ann.caret(1, 0);
  ann.run(mergeBefore);
  await quiet([ann]);
  ann.caret(0, 3);
  ann.run(split);
  await quiet([ann]);
  assert.deepEqual(server.log.map(({ ops }) => ops.map((op) => op.op)), [["merge"], ["split"]]);
});

function fakeTimers() {
  const due = new Map();
  let next = 1;
  return {
    timers: { setTimer: (act) => { due.set(next, act); return next++; }, clearTimer: (id) => due.delete(id) },
    pass: () => { for (const [id, act] of [...due]) { due.delete(id); act(); } },
  };
}
