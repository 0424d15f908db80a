// The identifier of a page, by which the server recognises the page that recorded last when it returns.
//
// It is stored by session, so after a reload, a closed tab or a crashed browser the page is the same again. A lock keeps a
// second window or a duplicated tab from using it as well: such a page gets an identifier of its own and only watches.
import { randomHex } from "../ids.js";

const ATTEMPTS = 3;
const RETRY_MS = 100;
const BYTES = 8;

// Resolves to what releases the lock, or null if another page has it. Without locks there is one page as far as we know.
function lock(locks, page) {
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const hold = (held) => (held ? new Promise((release) => resolve(release)) : resolve(null));
    locks.request(`verbatim-page:${page}`, { ifAvailable: true }, hold).catch(() => resolve(() => {}));
  });
}

export async function claimPageId(session, { storage = localStorage, locks = navigator.locks, wait = setTimeout } = {}) {
  const key = `verbatim-page:${session}`;
  const known = storage.getItem(key);
  let release = null;
  // A page that is being reloaded may not have released its lock yet.
  for (let attempt = 0; known && !release && attempt < ATTEMPTS; attempt++) {
    if (attempt) await new Promise((again) => wait(again, RETRY_MS));
    release = await lock(locks, known);
  }
  const page = release ? known : randomHex(BYTES);
  release ??= await lock(locks, page);
  return { page, release, remember: () => storage.setItem(key, page), forget: () => storage.removeItem(key) };
}
