// The upload queue: two at a time, temporary trouble retried, and nothing lost over a reload.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { createQueue } from "../../../static/js/uploads/queue.js";
import { turn } from "../support.mjs";

const LARGEST = 1024 * 1024;
const OPTIONS = { language: "en", speakers: "", team: "newsroom" };

let store, transfers, listeners, queue, known, isAway;

// What survives a reload: records, files and who has the locks.
class Store {
  records = new Map();
  files = new Map();
  locked = new Set();
  save = async (record) => { this.records.set(record.id, { ...record }); };
  remove = async (id) => { this.records.delete(id); this.files.delete(id); };
  list = async () => [...this.records.values()];
  loadFile = async (id) => this.files.get(id) ?? null;
  saveFile = async (id, file) => { this.files.set(id, file); return true; };
  lock = async (id) => {
    if (this.locked.has(id)) return null;
    this.locked.add(id);
    return () => this.locked.delete(id);
  };
}

function opened() {
  transfers = [];
  const transferOf = (item, file, endpoint, on) => {
    const transfer = { item, on, options: {}, start: () => {}, abort: async () => {} };
    transfers.push(transfer);
    return transfer;
  };
  return createQueue({ endpoint: "/uploads/", user: "1", largestChunk: LARGEST, onChange: () => {}, store, transferOf, lookUp });
}

// The server: which of the files it has, or that it can't be asked.
async function lookUp(items) {
  if (isAway) throw new Error("away");
  return new Map(items.filter(({ name }) => known.has(name)).map(({ id, name }) => [id, { title: name }]));
}

const file = (name) => ({ name, size: 1000, type: "audio/mpeg", lastModified: 0 });
const states = () => Object.fromEntries([...queue.items.values()].map(({ name, state }) => [name, state]));
const itemOf = (name) => [...queue.items.values()].find((item) => item.name === name);
const transferOf = (name) => transfers.findLast(({ item }) => item.name === name);

async function add(...names) {
  for (const name of names) await queue.add(file(name), OPTIONS);
  await turn();
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  listeners = {};
  globalThis.addEventListener = (name, act) => { listeners[name] = act; };
  globalThis.removeEventListener = (name) => { delete listeners[name]; };
  store = new Store();
  known = new Set();
  isAway = false;
  queue = opened();
});
afterEach(() => mock.timers.reset());

test("two are sent at a time, the next when one is done", async () => {
  await add("a", "b", "c");
  assert.deepEqual(states(), { a: "sending", b: "sending", c: "queued" });
  transferOf("a").on.success();
  assert.deepEqual(states(), { a: "done", b: "sending", c: "sending" });
});

test("temporary trouble is retried with growing delays, which start over when a chunk arrives", async () => {
  await add("a");
  for (const delay of [1_000, 2_000, 5_000]) {
    transferOf("a").on.error({ kind: "temporary", message: "" });
    mock.timers.tick(delay - 1);
    assert.equal(states().a, "waiting");
    mock.timers.tick(1);
    assert.equal(states().a, "sending");
  }
  transferOf("a").on.accepted(500);
  transferOf("a").on.error({ kind: "temporary", message: "" });
  mock.timers.tick(1_000);
  assert.equal(states().a, "sending");
});

test("a chunk that broke off makes the next one smaller, one that arrived larger", async () => {
  await add("a");
  transferOf("a").on.error({ kind: "temporary", message: "", brokeOff: true });
  assert.equal(itemOf("a").chunkBytes, LARGEST / 2);
  mock.timers.tick(1_000);
  transferOf("a").on.accepted(100);
  assert.equal(transferOf("a").options.chunkSize, (LARGEST / 2) * 1.25);
});

test("a network that is back ends the waiting", async () => {
  await add("a");
  transferOf("a").on.error({ kind: "temporary", message: "" });
  listeners.online();
  assert.equal(states().a, "sending");
});

test("a refusal shows its message, and the next upload is sent", async () => {
  await add("a", "b", "c");
  transferOf("a").on.error({ kind: "refused", message: "Too large." });
  assert.deepEqual([states(), itemOf("a").message], [{ a: "failed", b: "sending", c: "sending" }, "Too large."]);
  queue.act("retry", itemOf("a").id);
  assert.equal(states().a, "queued");
});

test("an upload that the server lost starts over at the first byte", async () => {
  await add("a");
  transferOf("a").on.url("/uploads/1/");
  transferOf("a").on.progress(700);
  transferOf("a").on.error({ kind: "lost" });
  assert.deepEqual([states().a, itemOf("a").url, itemOf("a").sent, transfers.length], ["sending", "", 0, 2]);
});

test("a paused upload makes room and stays paused over a reload", async () => {
  await add("a", "b", "c");
  queue.act("pause", itemOf("a").id);
  assert.deepEqual(states(), { a: "paused", b: "sending", c: "sending" });
  transferOf("a").on.error({ kind: "temporary", message: "" });
  assert.equal(states().a, "paused");
  store.locked.clear();
  queue = opened();
  await queue.restore();
  assert.deepEqual(states(), { a: "paused", b: "sending", c: "sending" });
  queue.act("resume", itemOf("a").id);
  assert.equal(states().a, "queued");
});

test("after a reload an upload without its file asks for it, and takes no other", async () => {
  await add("a");
  store.files.clear();
  store.locked.clear();
  queue = opened();
  await queue.restore();
  assert.equal(states().a, "needs-file");
  queue.act("choose", itemOf("a").id, file("b"));
  assert.match(itemOf("a").message, /different file/);
  queue.act("choose", itemOf("a").id, file("a"));
  assert.equal(states().a, "sending");
});

test("choosing the same file again continues the upload that asks for it", async () => {
  await add("a");
  transferOf("a").on.error({ kind: "no-file" });
  await add("a");
  assert.deepEqual([queue.items.size, states().a], [1, "sending"]);
});

test("an upload that another window sends is left to it", async () => {
  await add("a");
  queue = opened();
  await queue.restore();
  assert.equal(queue.items.size, 0);
});

test("nothing of a finished or cancelled upload is stored any more", async () => {
  await add("a", "b");
  transferOf("a").on.success();
  queue.act("cancel", itemOf("b").id);
  await turn();
  assert.deepEqual([store.records.size, store.files.size, store.locked.size], [0, 0, 0]);
});

test("closing the page warns only about files that are not stored, and a page with nothing to lose doesn't listen", async () => {
  const listens = () => "beforeunload" in listeners;
  await add("a");
  assert.equal(listens(), false);
  store.saveFile = async () => false;
  await add("b");
  let isPrevented = false;
  listeners.beforeunload({ preventDefault: () => { isPrevented = true; } });
  assert.equal(isPrevented, true);
  queue.act("cancel", itemOf("b").id);
  assert.equal(listens(), false);
});

test("a file that the team has is asked about and not sent, while the others are", async () => {
  known.add("b");
  await add("a", "b", "c");
  assert.deepEqual(states(), { a: "sending", b: "known", c: "sending" });
  assert.equal(itemOf("b").known.title, "b");
  assert.equal(transferOf("b"), undefined);
});

test("a known file is sent once a person says so, and is not asked about again", async () => {
  known.add("a");
  await add("a");
  queue.act("again", itemOf("a").id);
  assert.equal(states().a, "sending");
  assert.equal([...store.records.values()][0].isNew, false);
});

test("a known file that is left out is forgotten", async () => {
  known.add("a");
  await add("a");
  queue.act("dismiss", itemOf("a").id);
  await turn();
  assert.deepEqual([queue.items.size, store.records.size, store.files.size], [0, 0, 0]);
});

test("the question is asked again after a reload", async () => {
  known.add("a");
  await add("a");
  store.locked.clear();
  queue = opened();
  await queue.restore();
  await turn();
  assert.deepEqual([states().a, transfers.length], ["known", 0]);
});

test("nothing is sent before the server could be asked", async () => {
  isAway = true;
  await add("a");
  assert.deepEqual([states().a, transfers.length], ["waiting", 0]);
  isAway = false;
  mock.timers.tick(1_000);
  await turn();
  assert.equal(states().a, "sending");
});

test("an empty file is neither sent nor stored", async () => {
  await queue.add({ ...file("nothing.mp3"), size: 0 }, OPTIONS);
  await add("one.mp3");
  assert.deepEqual(states(), { "nothing.mp3": "empty", "one.mp3": "sending" });
  assert.equal(store.records.size, 1);
});
