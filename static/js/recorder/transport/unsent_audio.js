// Audio frames that the server does not have on disk yet, in the browser's own storage: a reload or a crash loses none.
import { withTimeout } from "../timeout.js";

const NAME = "verbatim-live";
const STORE = "frames";
// One frame in so many is written durably, and all before it with it: a dead battery costs a second.
const DURABLE_EVERY = 10;
const OPEN_MS = 5_000;

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Returns the sessions with frames in this browser.
export async function sessionsWithUnsentAudio() {
  const frames = (await openDatabase()).transaction(STORE).objectStore(STORE);
  const keys = await result(frames.getAllKeys());
  return [...new Set(keys.map(([session]) => session))];
}

// Frames in memory, for a browser that stores nothing: they are lost with the page.
export function createMemoryStorage() {
  const frames = new Map();
  const numbers = () => [...frames.keys()].sort((one, other) => one - other);
  return {
    put: async (number, audio) => { frames.set(number, audio); },
    get: async (number) => frames.get(number),
    removeBefore: async (end) => numbers().filter((number) => number < end - 1).forEach((number) => frames.delete(number)),
    all: async () => numbers().map((number) => frames.get(number)),
    clear: async () => frames.clear(),
    end: async () => (frames.size ? numbers().at(-1) + 1 : 0),
  };
}

// Opens the frames of a session, by number. `onMemoryOnly()` is called if the browser can't store them beyond this page.
export async function openUnsentAudio(session, onMemoryOnly = () => {}) {
  try {
    return createStorage(session, await withTimeout(OPEN_MS, "StorageNotOpened", openDatabase()));
  } catch {
    onMemoryOnly();
    return createMemoryStorage();
  }
}

// Keys are [session, number], so a range is one look-up.
function createStorage(session, database) {
  const store = (mode, durability = "relaxed") => database.transaction(STORE, mode, { durability }).objectStore(STORE);
  const range = (first, end) => IDBKeyRange.bound([session, first], [session, end], false, true);
  const all = range(0, Number.MAX_SAFE_INTEGER);
  return {
    put: (number, audio) => result(store("readwrite", number % DURABLE_EVERY ? "relaxed" : "strict").put(audio, [session, number])),
    get: (number) => result(store("readonly").get([session, number])),
    // Removes all but the last frame before `end`, by which the count continues after a reload.
    removeBefore: (end) => end > 1 && result(store("readwrite").delete(range(0, end - 1))),
    all: () => result(store("readonly").getAll(all)),
    clear: () => result(store("readwrite").delete(all)),
    // Resolves to the number after the last frame, 0 if there is none.
    end: async () => {
      const cursor = await result(store("readonly").openKeyCursor(all, "prev"));
      return cursor ? cursor.key[1] + 1 : 0;
    },
  };
}
