// What a page calls itself, so that the server knows the page that recorded last when it comes back.
//
// The name is stored per session, so a reload, a closed tab or a crashed browser is the same page again. A lock keeps
// a second window or a duplicated tab from using it meanwhile: it gets a name of its own and only watches.

const RETRIES = 3;
const RETRY_MS = 100;

function newName() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Resolves to what releases the lock, or null if another page has it. Without locks there is one page as far as we know.
function hold(locks, name) {
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const take = (lock) => (lock ? new Promise((release) => resolve(release)) : resolve(null));
    locks.request(`verbatim-page:${name}`, { ifAvailable: true }, take).catch(() => resolve(() => {}));
  });
}

export async function claim(session, { storage = localStorage, locks = navigator.locks, wait = setTimeout } = {}) {
  const key = `verbatim-page:${session}`;
  const known = storage.getItem(key);
  let release = null;
  // A page that is being reloaded may not have released its lock yet.
  for (let attempt = 0; known && !release && attempt < RETRIES; attempt++) {
    if (attempt) await new Promise((again) => wait(again, RETRY_MS));
    release = await hold(locks, known);
  }
  const page = release ? known : newName();
  release ??= await hold(locks, page);
  return { page, release, remember: () => storage.setItem(key, page), forget: () => storage.removeItem(key) };
}
