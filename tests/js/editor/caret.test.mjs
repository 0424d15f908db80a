// Someone types on while what others did at the same place arrives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeBefore, split } from "../../../static/js/editor/commands.js";
import { createPage, createServer, quiet, row, textsOf } from "./support.mjs";

async function typeOn(act) {
  const server = createServer([row("s0", "one two"), row("s1", "three")]);
  const [ann, ben] = ["aa", "bb"].map((client) => createPage(server, { client }));
  ann.caret(0, -1);
  ann.type(" an");
  await quiet([ann, ben]);
  act(ben);
  await quiet([ann, ben]);
  ann.type("n");
  await quiet([ann, ben]);
  assert.deepEqual(textsOf(ben), textsOf(ann));
  return textsOf(ann);
}

test("a word is typed to its end while the next segment is merged into its own", async () => {
  const merged = await typeOn((ben) => { ben.caret(1, 0); ben.run(mergeBefore); });
  assert.deepEqual(merged, ["one two ann three"]);
});

test("a word is typed to its end while its segment is split behind it", async () => {
  const texts = await typeOn((ben) => { ben.caret(0, -1); ben.type(" rest"); ben.caret(0, "one two an".length); ben.run(split); });
  assert.deepEqual(texts, ["one two ann", "rest", "three"]);
});

test("a word is typed to its end while someone types behind it", async () => {
  const texts = await typeOn((ben) => { ben.caret(0, -1); ben.type(" ben"); });
  assert.deepEqual(texts, ["one two ann ben", "three"]);
});

test("a caret before a word stays with it when the segment is split there", async () => {
  const server = createServer([row("s0", "one two")]);
  const [ann, ben] = ["aa", "bb"].map((client) => createPage(server, { client }));
  ann.caret(0, "one ".length);
  ben.caret(0, "one ".length);
  ben.run(split);
  await quiet([ann, ben]);
  ann.type("x");
  await quiet([ann, ben]);
  assert.equal(textsOf(ann)[1], "xtwo");
});
