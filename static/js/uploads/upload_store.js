// What must outlive the page: each upload, and its file if the browser can hold it. After a reload or a crash the upload then
// resumes automatically; without the file it resumes once the person chooses the file again.

const LARGEST_STORED = 2 * 1024 ** 3;
// Storage that is nearly full would be filled by the file and its overhead.
const ROOM_FACTOR = 1.2;

const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const completion = (transaction) => new Promise((resolve, reject) => {
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
  await completion(transaction);
}

export const save = (record) => write(["uploads"], (t) => t.objectStore("uploads").put(record));

export const remove = (id) => write(["uploads", "files"], (t) => {
  t.objectStore("uploads").delete(id);
  t.objectStore("files").delete(id);
});

// Returns the uploads of a user, oldest first.
export async function list(user) {
  const records = await result((await database()).transaction("uploads").objectStore("uploads").getAll());
  return records.filter((record) => record.user === user).sort((one, other) => one.added - other.added);
}

export async function loadFile(id) {
  return (await result((await database()).transaction("files").objectStore("files").get(id))) ?? null;
}

// Resolves to true once the file would survive a crash, to false if it is too large or the browser has no room.
export async function saveFile(id, file) {
  if (file.size > LARGEST_STORED) return false;
  try {
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota && quota - usage < file.size * ROOM_FACTOR) return false;
    await write(["files"], (t) => t.objectStore("files").put(file, id));
    return true;
  } catch {
    return false;
  }
}

// Locks an upload for this window, so that no other sends it too. Resolves to what releases the lock, or null if another
// window has it. The lock ends with the window.
export function lock(id) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(`verbatim-upload-${id}`, { ifAvailable: true }, (held) => {
      if (!held) return resolve(null);
      return new Promise((release) => resolve(release));
    });
  });
}
