// The identifier of a page, by which the server recognises the page that recorded last when it returns.
//
// It is stored by session, so after a reload, a closed tab or a crashed browser the page is the same again. A lock keeps a
// second window or a duplicated tab from using it as well: such a page gets an identifier of its own and only watches.
import { randomHex } from "../ids.js";

const RETRY_MS = 100;
const ATTEMPTS = 3;
// The lock of the same page before its reload: a busy computer takes seconds to end that.
const ATTEMPTS_AFTER_RELOAD = 150;
const BYTES = 8;

// Resolves to what releases the lock, or null if another page has it. Without locks there is one page as far as we know.
function lock(locks, page) {
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const hold = (held) => (held ? new Promise((release) => resolve(release)) : resolve(null));
    locks.request(`verbatim-page:${page}`, { ifAvailable: true }, hold).catch(() => resolve(() => {}));
  });
}

const wasReloaded = () => performance.getEntriesByType("navigation")[0]?.type === "reload";

// `tab` is what only this tab stores; a duplicated one begins with a copy of it, but isn't reloaded.
export async function claimPageId(session, { storage = localStorage, tab = sessionStorage, locks = navigator.locks, wait = setTimeout, isReload = wasReloaded() } = {}) {
  const key = `verbatim-page:${session}`;
  const known = storage.getItem(key);
  const attempts = isReload && tab.getItem(key) === known ? ATTEMPTS_AFTER_RELOAD : ATTEMPTS;
  let release = null;
  for (let attempt = 0; known && !release && attempt < attempts; attempt++) {
    if (attempt) await new Promise((again) => wait(again, RETRY_MS));
    release = await lock(locks, known);
  }
  const page = release ? known : randomHex(BYTES);
  release ??= await lock(locks, page);
  tab.setItem(key, page);
  return { page, release, remember: () => storage.setItem(key, page), forget: () => storage.removeItem(key) };
}
