// What the server doesn't have survives its page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../../static/js/editor/protocol/store.js";
import { Locks, Storage, turn } from "../support.mjs";

const record = (client, ops = [{ op: "merge", id: "s1" }]) =>
  ({ client, n: 1, seq: 0, flight: { client, n: 1, seq: 0, ops }, queue: [] });

const browser = () => ({ indexedDB: null, storage: new Storage(), locks: new Locks() });

test("a page adopts what a page left that lives no more, and nothing of one that does", async () => {
  const shared = browser();
  const gone = createStore("t", shared);
  await gone.adopt();
  gone.saveNow(record(gone.client));
  const second = createStore("t", shared);
  assert.deepEqual(await second.adopt(), []);
  gone.end();
  await turn();
  const third = createStore("t", shared);
  const [found] = await third.adopt();
  assert.equal(found.flight.client, gone.client);
  await found.drop();
  assert.equal(shared.storage.length, 0);
});

test("what the server has is stored no more", async () => {
  const shared = browser();
  const store = createStore("t", shared);
  store.saveNow(record(store.client));
  assert.equal(shared.storage.length, 1);
  await store.save({ ...record(store.client), flight: null });
  assert.equal(shared.storage.length, 0);
});

test("records of another transcript are left alone", async () => {
  const shared = browser();
  createStore("other", shared).saveNow(record("bb"));
  assert.deepEqual(await createStore("t", shared).adopt(), []);
});
