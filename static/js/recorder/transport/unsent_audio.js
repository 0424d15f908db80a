// Frames that the server has not on disk yet, kept in the browser's own storage: a reload or a crash loses none.
import { within } from "../timeout.js";

const NAME = "verbatim-live";
const STORE = "frames";
// One frame of so many is waited for until the disk has it, and all before it with it: a dead battery costs a second.
const SURE_EVERY = 10;
const OPEN_WITHIN_MS = 5_000;

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// The sessions of which frames lie here.
export async function sessionsKept() {
  const frames = (await opened()).transaction(STORE).objectStore(STORE);
  const keys = await done(frames.getAllKeys());
  return [...new Set(keys.map(([session]) => session))];
}

// As a spool, for a browser that stores nothing: what it holds is gone with the page.
export function memorySpool() {
  const frames = new Map();
  const numbers = () => [...frames.keys()].sort((one, other) => one - other);
  return {
    put: async (number, sound) => { frames.set(number, sound); },
    get: async (number) => frames.get(number),
    forget: async (before) => numbers().filter((number) => number < before - 1).forEach((number) => frames.delete(number)),
    all: async () => numbers().map((number) => frames.get(number)),
    clear: async () => frames.clear(),
    end: async () => (frames.size ? numbers().at(-1) + 1 : 0),
  };
}

// One session's frames, by number; `unstored()` is called if the browser can't store them beyond this page.
export async function spool(session, unstored = () => {}) {
  try {
    return stored(session, await within(OPEN_WITHIN_MS, "StorageNotOpened", opened()));
  } catch {
    unstored();
    return memorySpool();
  }
}

// Keys are [session, number], so a range is one look-up.
function stored(session, database) {
  const store = (mode, durability = "relaxed") => database.transaction(STORE, mode, { durability }).objectStore(STORE);
  const range = (first, end) => IDBKeyRange.bound([session, first], [session, end], false, true);
  const all = range(0, Number.MAX_SAFE_INTEGER);
  return {
    put: (number, sound) => done(store("readwrite", number % SURE_EVERY ? "relaxed" : "strict").put(sound, [session, number])),
    get: (number) => done(store("readonly").get([session, number])),
    // All but the last, so that the count goes on from there after a reload.
    forget: (before) => before > 1 && done(store("readwrite").delete(range(0, before - 1))),
    all: () => done(store("readonly").getAll(all)),
    clear: () => done(store("readwrite").delete(all)),
    // The number after the last frame that lies here, 0 where there is none.
    end: async () => {
      const cursor = await done(store("readonly").openKeyCursor(all, "prev"));
      return cursor ? cursor.key[1] + 1 : 0;
    },
  };
}
