// What must outlive this page: each upload, and its file where the browser can hold it. A reload or a crash then goes
// on by itself; without the file it goes on once the person chooses it again.

const LARGEST_KEPT = 2 * 1024 ** 3;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const settled = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

let opening = null;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("verbatim", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("uploads", { keyPath: "id" });
      request.result.createObjectStore("files");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function write(stores, change) {
  const transaction = (await database()).transaction(stores, "readwrite");
  change(transaction);
  await settled(transaction);
}

export const keep = (record) => write(["uploads"], (t) => t.objectStore("uploads").put(record));

export const forget = (id) => write(["uploads", "files"], (t) => {
  t.objectStore("uploads").delete(id);
  t.objectStore("files").delete(id);
});

export async function all(user) {
  const records = await done((await database()).transaction("uploads").objectStore("uploads").getAll());
  return records.filter((record) => record.user === user).sort((one, other) => one.added - other.added);
}

export async function fileOf(id) {
  return (await done((await database()).transaction("files").objectStore("files").get(id))) ?? null;
}

// True once the file would survive a crash; false where it is too large or the browser has no room.
export async function keepFile(id, file) {
  if (file.size > LARGEST_KEPT) return false;
  try {
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota && quota - usage < file.size * 1.2) return false;
    await write(["files"], (t) => t.objectStore("files").put(file, id));
    return true;
  } catch {
    return false;
  }
}

// One window sends an upload at a time; the others leave it alone. The claim ends with the window.
export function claim(id) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(`verbatim-upload-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve(release));
    });
  });
}
