// Frames that the server has not on disk yet, kept in the browser's own storage: a reload or a crash loses none.

const NAME = "verbatim-live";
const STORE = "frames";
// One frame of so many is waited for until the disk has it, and all before it with it: a dead battery costs a second.
const SURE_EVERY = 10;

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

// One session's frames, by number. Keys are [session, number], so a range is one look-up.
export async function spool(session) {
  const database = await opened();
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
