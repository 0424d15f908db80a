// Pages against the server's own merging: a Python process that the environment names (VERBATIM_PYTHON).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { createWriter, randomRows } from "./edits.mjs";
import { asText, createPage, random, turn } from "./support.mjs";

const RUNS = Number(process.env.EDITOR_RUNS ?? 20);
const EDITS = 40;

function createProcess() {
  const child = spawn(process.env.VERBATIM_PYTHON, ["-m", "tests.support.editing_server"], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error("The server ended");
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

const pageRow = (one) => [one.id, one.speaker, one.start_ms, one.end_ms, one.text, one.language, 0];

async function begin(server, seed, clients) {
  const numbers = random(seed);
  const rows = randomRows(numbers).map(pageRow);
  await server.ask({ rows });
  const data = { change: 0, rows, speakers: [{ id: "1", label: "Ann", number: 1 }], undo: [], redo: [] };
  const pages = clients.map((client) => createPage({ pages: new Set() }, { client, data: structuredClone(data) }));
  return { numbers, pages };
}

// Hands a batch to the server; everyone hears of it, and its page gets the answer.
async function deliver(server, pages, heard, { batch, done }) {
  const message = await server.ask({ batch });
  if (!heard.has(message.change)) for (const page of pages) page.inbox.push(structuredClone(message));
  heard.add(message.change);
  done?.({ status: 200, ...structuredClone(message) });
  await turn();
}

async function quiet(server, pages, heard) {
  for (let round = 0; round < 500; round++) {
    for (const page of pages) {
      page.sync.flush();
      while (page.outbox.length) await deliver(server, pages, heard, page.outbox.shift());
      while (page.inbox.length) page.hear();
    }
    if (pages.every((page) => !page.sync.waiting && !page.inbox.length && !page.outbox.length)) return;
  }
  throw new Error("The pages never came to rest");
}

async function interleave(server, seed, { isAdding }) {
  const { numbers, pages } = await begin(server, seed, seed % 3 ? ["aa", "bb"] : ["aa", "bb", "cc"]);
  const typed = [];
  const heard = new Set();
  const writers = pages.map((page) => createWriter(page, numbers, typed));
  for (let at = 0; at < EDITS; at++) {
    const one = numbers.below(pages.length);
    writers[one].edit({ isAdding });
    if (numbers.next() < 0.4) pages[one].sync.flush();
    for (const page of pages) {
      if (page.outbox.length && numbers.next() < 0.1) await deliver(server, pages, heard, { batch: page.outbox[0].batch });
      if (page.outbox.length && numbers.next() < 0.5) await deliver(server, pages, heard, page.outbox.shift());
      if (page.inbox.length && numbers.next() < 0.6) page.hear();
    }
  }
  await quiet(server, pages, heard);
  const said = await server.ask({});
  for (const page of pages) assert.equal(asText(page.rows()), asText(said.rows), `seed ${seed}`);
  const reviewed = said.rows.filter((row) => row.reviewed).map(({ id }) => id);
  for (const page of pages) assert.deepEqual(page.sync.rows.present().filter((row) => row.reviewed).map(({ id }) => id), reviewed, `seed ${seed}`);
  return { said, typed };
}

function check({ said, typed }, seed) {
  const words = said.rows.flatMap((row) => row.text.split(/\s+/));
  const overwritten = said.conflicts.flatMap((text) => text.split(/\s+/));
  for (const word of typed) {
    const count = words.filter((one) => one === word).length;
    assert.ok(count === 1 || (count === 0 && overwritten.includes(word)), `seed ${seed}: ${word} is there ${count} times`);
  }
}

test("pages and the server's own merging come to the same text", { skip: !process.env.VERBATIM_PYTHON }, async () => {
  const server = createProcess();
  for (let seed = 1; seed <= RUNS; seed++) await interleave(server, seed, { isAdding: false });
  server.end();
});

test("each word that pages add is on the server exactly once, or in a conflict", { skip: !process.env.VERBATIM_PYTHON }, async () => {
  const server = createProcess();
  let failed = [];
  for (let seed = 1; seed <= RUNS; seed++) {
    const result = await interleave(server, seed, { isAdding: true });
    try { check(result, seed); } catch (error) { failed.push(error.message); }
  }
  server.end();
  assert.deepEqual(failed, []);
});
