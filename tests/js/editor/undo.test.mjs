// Undo and redo: one event a batch, after others edited, and after a reload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { split } from "../../../static/js/editor/commands.js";
import { createPage, createServer, quiet, row, textsOf } from "./support.mjs";

const start = (data = {}) => {
  const server = createServer([row("s0", "one"), row("s1", "two")]);
  return { server, ann: createPage(server, { client: "aa", data: { ...server.data(), ...data } }), ben: createPage(server, { client: "bb" }) };
};

function typeInto(page, index, text) {
  page.caret(index, -1);
  page.type(text);
}

test("each event is a batch, and undo and redo say what they are", async () => {
  const { server, ann } = start();
  typeInto(ann, 0, " a");
  typeInto(ann, 1, " b");
  ann.undo();
  ann.redo();
  await quiet([ann]);
  assert.deepEqual(server.log.map(({ message }) => message.direction), ["", "", "undo", "redo"]);
  assert.deepEqual(textsOf(ann), ["one a", "two b"]);
});

test("typing after a rest is an event of its own", async () => {
  const { ann } = start();
  typeInto(ann, 0, " a");
  ann.sync.flush();
  ann.type("b");
  await quiet([ann]);
  ann.undo();
  assert.equal(textsOf(ann)[0], "one a");
});

test("undo takes back one's own words after others edited the same segment", async () => {
  const { ann, ben } = start();
  typeInto(ann, 0, " mine");
  await quiet([ann, ben]);
  ben.caret(0, 0);
  ben.type("theirs ");
  await quiet([ann, ben]);
  ann.undo();
  await quiet([ann, ben]);
  assert.equal(textsOf(ben)[0], "theirs one");
  ann.redo();
  await quiet([ann, ben]);
  assert.equal(textsOf(ben)[0], "theirs one mine");
});

test("a caret stays in its word when rows arrive", async () => {
  const { ann, ben } = start();
  ann.caret(0, 2);
  ben.caret(0, 0);
  ben.type("before ");
  await quiet([ann, ben]);
  const { $head } = ann.state.selection;
  assert.equal($head.parent.textContent.slice(0, $head.parentOffset), "before on");
});

test("after a reload undo asks the server, newest first, and redo names the undoing edit", async () => {
  const { server, ann } = start();
  typeInto(ann, 0, " a");
  await quiet([ann]);
  typeInto(ann, 1, " b");
  await quiet([ann]);
  ann.leave();
  const next = createPage(server, { client: "cc", data: { ...server.data(), undo: [1, 2] } });
  typeInto(next, 0, " new");
  next.undo();
  next.undo();
  next.undo();
  await quiet([next]);
  assert.deepEqual(server.log.slice(3).map(({ ops, message }) => [ops[0].op, ops[0].edit, message.direction]), [["set_text", undefined, "undo"], ["undo", 2, "undo"], ["undo", 1, "undo"]]);
  assert.deepEqual(textsOf(next), ["one", "two"]);
  next.redo();
  await quiet([next]);
  assert.deepEqual(server.log.at(-1).ops, [{ op: "undo", edit: 6 }]);
  assert.equal(server.log.at(-1).message.direction, "redo");
  assert.deepEqual(textsOf(next), ["one a", "two"]);
});

test("a batch that was restored is undone by the server", async () => {
  const { server, ann } = start();
  typeInto(ann, 0, " a");
  const record = structuredClone(ann.sync.record(true));
  ann.leave();
  const next = createPage(server, { client: "cc" });
  next.own.restore([record]);
  next.undo();
  await quiet([next]);
  assert.deepEqual(server.log.map(({ ops }) => ops[0].op), ["set_text", "undo"]);
  assert.equal(textsOf(next)[0], "one");
});

test("undoing in a segment that someone removed doesn't get stuck", async () => {
  const { ann, ben } = start();
  typeInto(ann, 1, " b");
  await quiet([ann, ben]);
  typeInto(ann, 0, " a");
  await quiet([ann, ben]);
  ben.sync.push([{ op: "remove", id: "s1", was: "two b" }]);
  await quiet([ann, ben]);
  ann.undo();
  ann.undo();
  ann.undo();
  await quiet([ann, ben]);
  assert.equal(textsOf(ann)[0], "one");
});

test("splitting and undoing it keep the segment's id", async () => {
  const { ann, server } = start();
  ann.caret(0, 1);
  ann.run(split);
  await quiet([ann]);
  ann.undo();
  await quiet([ann]);
  assert.deepEqual(server.rows().map((one) => [one.id, one.text]), [["s0", "one"], ["s1", "two"]]);
});
