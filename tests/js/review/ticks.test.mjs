// Reviewed segments on the page: what a key does, and what arrives from others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPage, createServer, quiet, row } from "../editor/support.mjs";
import { percentOf } from "../../../static/js/review/progress.js";
import { tickOf } from "../../../static/js/review/ticks.js";

const SAID = () => [row("a", "one two"), row("b", "three"), row("c", "four five")];
const reviewed = (page) => page.sync.rows.present().filter((one) => one.reviewed).map(({ id }) => id);
const tick = (page, ids, on = true) => page.own.push([tickOf(page.sync.rows.present().filter(({ id }) => ids.includes(id)), on)]);

test("a tick shows before the server has it, and on every page after that", async () => {
  const server = createServer(SAID());
  const [ann, bob] = ["aa", "bb"].map((client) => createPage(server, { client }));
  tick(ann, ["a", "c"]);
  assert.deepEqual(reviewed(ann), ["a", "c"]);
  assert.deepEqual(reviewed(bob), []);
  await quiet([ann, bob]);
  assert.deepEqual(reviewed(bob), ["a", "c"]);
});

test("a change of the text takes the tick away, on the page too", async () => {
  const server = createServer(SAID());
  const page = createPage(server, { client: "aa" });
  tick(page, ["a", "b"]);
  page.caret(0, -1);
  page.type("!");
  page.sync.flush();
  assert.deepEqual(reviewed(page), ["b"]);
  await quiet([page]);
  assert.deepEqual(reviewed(page), ["b"]);
});

test("what another page changed in the meantime is not ticked by a batch that waited", async () => {
  const server = createServer(SAID());
  const [ann, bob] = ["aa", "bb"].map((client) => createPage(server, { client }));
  tick(ann, ["a", "b"]);
  bob.caret(0, -1);
  bob.type(" more");
  await quiet([bob]);
  ann.hear();
  assert.deepEqual(reviewed(ann), ["b"]);
  await quiet([ann, bob]);
  assert.deepEqual([reviewed(ann), reviewed(bob)], [["b"], ["b"]]);
});

test("a tick is undone and redone", async () => {
  const server = createServer(SAID());
  const page = createPage(server, { client: "aa" });
  tick(page, ["b"]);
  page.undo();
  await quiet([page]);
  assert.deepEqual(server.log.map(({ ops }) => ops[0].op), ["tick", "undo"]);
});

test("what is unsent survives the page, with the texts it was given to", async () => {
  const server = createServer(SAID());
  const page = createPage(server, { client: "aa" });
  tick(page, ["c"]);
  const record = page.sync.record(true);
  page.leave();
  const next = createPage(server, { client: "bb" });
  next.own.restore([record]);
  await quiet([next]);
  assert.deepEqual(server.rows().filter((one) => one.reviewed).map(({ id }) => id), ["c"]);
  assert.deepEqual(record.flight?.ops ?? record.queue[0].ops, [{ op: "tick", ids: ["c"], on: true, texts: ["four five"] }]);
});

test("percents are rounded down", () => {
  assert.deepEqual([{ words: 0, reviewed: 0 }, { words: 200, reviewed: 199 }, { words: 3, reviewed: 3 }].map(percentOf), [0, 99, 100]);
});
