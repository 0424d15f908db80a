// Properties of editing over thousands of random edits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LARGEST_PART } from "../../../static/js/editor/schema.js";
import { derive } from "../../../static/js/editor/protocol/derive.js";
import { apply, Rows } from "../../../static/js/editor/protocol/rows.js";
import { merge } from "../../../static/js/editor/protocol/text.js";
import { createWriter, randomRows } from "./edits.mjs";
import { asText, createPage, createServer, quiet, random } from "./support.mjs";

const RUNS = Number(process.env.EDITOR_RUNS ?? 20);
const EDITS = 40;

function checkDocument(page) {
  page.state.doc.check();
  const ids = page.rows().map((row) => row.id);
  assert.equal(new Set(ids).size, ids.length, "two segments have one id");
  page.state.doc.forEach((part) => assert.ok(part.childCount > 0 && part.childCount <= LARGEST_PART));
}

function start(seed, clients) {
  const numbers = random(seed);
  const server = createServer(randomRows(numbers));
  const pages = clients.map((client) => createPage(server, { client }));
  return { numbers, server, pages };
}

test("derived operations turn one version into the other", () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const { numbers, pages: [page] } = start(seed, ["aa"]);
    const writer = createWriter(page, numbers);
    for (let at = 0; at < EDITS; at++) {
      const before = page.sync.rows;
      for (let more = numbers.below(4); more >= 0; more--) writer.edit();
      checkDocument(page);
      const ops = derive(before, page.rows());
      const result = apply(before.clone(), JSON.parse(JSON.stringify(ops))).present();
      assert.equal(asText(result), asText(page.rows()), `seed ${seed}`);
    }
  }
});

test("undoing everything gives the first text, and redoing it the last", () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const { numbers, pages: [page] } = start(seed, ["aa"]);
    const writer = createWriter(page, numbers);
    const first = asText(page.rows());
    for (let at = 0; at < EDITS; at++) writer.edit();
    const last = asText(page.rows());
    let undone = 0;
    for (; page.own.undo.canUndo; undone++) page.undo();
    assert.equal(asText(page.rows()), first, `seed ${seed}`);
    checkDocument(page);
    for (; undone > 0; undone--) page.redo();
    assert.equal(asText(page.rows()), last, `seed ${seed}`);
  }
});

// Edits two pages while messages are late, batches are sent twice and pages rest now and then.
async function interleave(seed, { isAdding }) {
  const { numbers, server, pages } = start(seed, ["aa", "bb"]);
  const typed = [];
  const writers = pages.map((page) => createWriter(page, numbers, typed));
  for (let at = 0; at < EDITS; at++) {
    const turn = numbers.below(2);
    writers[turn].edit({ isAdding });
    checkDocument(pages[turn]);
    if (numbers.next() < 0.4) pages[turn].sync.flush();
    for (const page of pages) {
      if (page.outbox.length && numbers.next() < 0.1) server.receive(page.outbox[0].batch);
      if (page.outbox.length && numbers.next() < 0.5) await page.deliver();
      if (page.inbox.length && numbers.next() < 0.6) page.hear();
    }
  }
  await quiet(pages);
  for (const page of pages) {
    checkDocument(page);
    assert.equal(asText(page.rows()), asText(server.rows()), `seed ${seed}`);
  }
  return { server, typed };
}

test("two pages come to the same text whatever arrives when", async () => {
  for (let seed = 1; seed <= RUNS; seed++) await interleave(seed, { isAdding: false });
});

test("each word that two pages add is there exactly once, or in a conflict", async () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const { server, typed } = await interleave(seed, { isAdding: true });
    const words = server.rows().flatMap((row) => row.text.split(/\s+/));
    const overwritten = server.conflicts.flatMap((text) => text.split(/\s+/));
    for (const word of typed) {
      const count = words.filter((one) => one === word).length;
      assert.ok(count === 1 || (count === 0 && overwritten.includes(word)), `seed ${seed}: ${word} is there ${count} times`);
    }
  }
});

test("a three-way merge has what either side added, whoever is later", () => {
  const { below, pick } = random(3);
  for (let run = 0; run < 2_000; run++) {
    const was = Array.from({ length: below(8) }, () => pick(["a", "b", "c"]));
    const withWord = (word) => was.toSpliced?.(below(was.length + 1), 0, word) ?? [...was, word];
    const merged = merge(was.join(" "), withWord("mine").join(" "), withWord("now").join(" ")).split(" ");
    assert.deepEqual(merged.filter((word) => word === "mine" || word === "now").sort(), ["mine", "now"]);
    assert.deepEqual(merged.filter((word) => was.includes(word)), was);
  }
});

test("rows placed behind an unknown one are last, and first behind none", () => {
  const rows = Rows.of([{ id: "a", text: "" }, { id: "b", text: "" }]);
  rows.place({ id: "c", text: "" }, null);
  rows.place({ id: "d", text: "" }, "unknown");
  assert.deepEqual(rows.present().map((row) => row.id), ["c", "a", "b", "d"]);
});
