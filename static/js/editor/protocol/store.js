// Keeps what the server doesn't have in this browser: in IndexedDB as it is queued, and in localStorage when the page is hidden,
// where a write ends before the page does. A record belongs to one page of one transcript; its lock tells whether that page lives.
import { randomHex } from "../../ids.js";

const DATABASE = "verbatim-edits";
const STORE = "unsent";
const PREFIX = "verbatim-unsent:";

const completion = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function openDatabase(indexedDB) {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return completion(request);
}

// Resolves to a function that releases the lock, or null if another page has it. Without locks there is one page as far as
// we know.
function lock(locks, name) {
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const hold = (held) => (held ? new Promise((release) => resolve(release)) : resolve(null));
    locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(() => {}));
  });
}

const hasUnsent = ({ flight, queue }) => Boolean(flight || queue.length);
const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };

export function createStore(transcript, { indexedDB = globalThis.indexedDB, storage = globalThis.localStorage, locks = globalThis.navigator?.locks } = {}) {
  const client = randomHex(8);
  const key = (owner) => `${PREFIX}${transcript}:${owner}`;
  const opening = indexedDB ? openDatabase(indexedDB).catch(() => null) : Promise.resolve(null);
  let stamp = Date.now();
  let isStored = false;
  let release = () => {};

  async function request(mode, act) {
    const database = await opening;
    if (database) return completion(act(database.transaction(STORE, mode).objectStore(STORE)));
  }

  const keep = (record) => ({ ...record, stamp: ++stamp });

  // A browser without a database, or with a full one, still has localStorage.
  async function save(record) {
    if (!hasUnsent(record) && !isStored) return;
    isStored = hasUnsent(record);
    const kept = keep(record);
    const write = isStored ? (store) => store.put(kept, key(client)) : (store) => store.delete(key(client));
    if (!isStored) storage.removeItem(key(client));
    await request("readwrite", write).catch(() => isStored && saveNow(kept));
  }

  function saveNow(record) {
    isStored = hasUnsent(record);
    if (isStored) storage.setItem(key(client), JSON.stringify(keep(record)));
    else storage.removeItem(key(client));
  }

  async function records() {
    const owned = ([name]) => String(name).startsWith(key(""));
    const names = await request("readonly", (store) => store.getAllKeys()).catch(() => []) ?? [];
    const values = await request("readonly", (store) => store.getAll()).catch(() => []) ?? [];
    const local = Array.from({ length: storage.length }, (_, at) => storage.key(at)).map((name) => [name, parsed(storage.getItem(name))]);
    const found = new Map();
    for (const [name, record] of [...names.map((name, at) => [name, values[at]]), ...local].filter(owned)) {
      if (record && !(found.get(name)?.stamp > record.stamp)) found.set(name, record);
    }
    return [...found.values()].filter(hasUnsent).sort((one, other) => one.stamp - other.stamp);
  }

  return {
    client,
    save,
    saveNow,
    // The page has no more use for the transcript: another one may adopt what it left.
    end: () => release(),
    // Resolves to the records of pages that live no more, each with `drop()` to be called once its batches are stored here.
    async adopt() {
      const free = [];
      release = (await lock(locks, key(client))) ?? release;
      for (const record of await records()) {
        if (record.client === client || !(await lock(locks, key(record.client)))) continue;
        free.push({ ...record, drop: () => drop(record.client) });
      }
      return free;
    },
  };

  function drop(owner) {
    storage.removeItem(key(owner));
    return request("readwrite", (store) => store.delete(key(owner))).catch(() => {});
  }
}
