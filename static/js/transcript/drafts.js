// Markers and notes that the server has not confirmed. A draft lives until the server has it (200) or a person discards it: no
// answer, reload, dead battery or colleague removes it. Each is stored on its own: by what it changes and the tab that wrote it.
//
// Drafts of segments and speakers are from earlier versions, which kept edits of the text here. They are not sent any more:
// a person takes over what they hold.
import { randomHex } from "../ids.js";
import { post as postForm } from "../requests.js";

const RETRY_MS = 2_000;
const PREFIX = "verbatim-draft:";
const EARLIER = /^(segment|voice):/;

const isTemporary = (status) => status === 0 || status >= 500 || status === 429;

// In a browser whose storage is full or forbidden, drafts live as long as the page.
function withFallback(storage) {
  const unstored = new Map();
  return {
    keys: () => [...new Set([...Array.from({ length: storage.length }, (_, at) => storage.key(at)), ...unstored.keys()])],
    get: (key) => {
      try {
        return JSON.parse(unstored.get(key) ?? storage.getItem(key));
      } catch {
        return null; // not ours, or truncated
      }
    },
    set: (key, draft) => {
      const text = JSON.stringify(draft);
      try {
        storage.setItem(key, text);
        unstored.delete(key);
      } catch {
        unstored.set(key, text);
      }
    },
    remove: (key) => { unstored.delete(key); storage.removeItem(key); },
  };
}

// `onAnswer(name, answer)` gets every answer that decides a draft: 200 or a refusal. `onChange()` is called whenever a draft was
// added, removed or changed its state. What it takes from the browser can be replaced.
export function createDrafts(session, { onAnswer = () => {}, onChange = () => {}, ...browser } = {}) {
  const { storage = localStorage, post = postForm, setTimer = setTimeout, clearTimer = clearTimeout, tab = randomHex(4) } = browser;
  const prefix = `${PREFIX}${session}:`;
  const store = withFallback(storage);
  const sending = new Set();
  let timer = 0;

  const keys = () => store.keys().filter((key) => key?.startsWith(prefix));
  const read = (key) => parsed(key, store.get(key), prefix);
  const list = () => keys().map(read).filter(Boolean);

  function write(draft) {
    const { key, ...stored } = draft;
    store.set(key, stored);
    onChange();
  }

  function discard(key) {
    store.remove(key);
    onChange();
  }

  async function submit(key) {
    const draft = read(key);
    if (!draft || draft.state !== "waiting" || sending.has(key)) return;
    sending.add(key);
    const answer = await post(draft.url, draft.fields).catch(() => ({ status: 0 }));
    sending.delete(key);
    if (isTemporary(answer.status)) {
      timer ||= setTimer(() => { timer = 0; resend(); }, RETRY_MS);
      return;
    }
    const now = read(key);
    if (!now) return; // another tab sent it too, or someone discarded it there
    decide(now, draft, answer);
    onAnswer(draft.name, answer);
    await submit(key); // what was written in between
  }

  // `now` is the draft as it is stored, `sent` as it was sent.
  function decide(now, sent, answer) {
    const isSame = JSON.stringify(now.fields) === JSON.stringify(sent.fields);
    if (answer.status === 200 && isSame) discard(now.key);
    else if (answer.status !== 200) write({ ...now, state: "refused", sentence: answer.detail ?? "" });
  }

  const resend = () => Promise.all(keys().map(submit));

  // Stores a draft and sends it.
  function save(name, url, fields) {
    const key = `${prefix}${name}:r:${tab}`;
    write({ key, name, url, fields, state: "waiting", at: Date.now() });
    return submit(key);
  }

  return {
    save,
    resend,
    list,
    discard,
    // After a refusal: sends the same again.
    retry: (key) => {
      const draft = read(key);
      if (!draft) return Promise.resolve();
      write({ ...draft, state: "waiting", sentence: "" });
      return submit(key);
    },
    // Resolves once nothing waits for the server any more. What waits for a person stays.
    settled: async () => {
      while (list().some((draft) => draft.state === "waiting")) await new Promise((again) => setTimer(again, 100));
    },
    end: () => clearTimer(timer),
  };
}

// Drafts of earlier versions may have no name and state.
function parsed(key, draft, prefix) {
  if (!draft || typeof draft !== "object" || !draft.url || !draft.fields) return null;
  const known = { name: key.slice(prefix.length), state: "waiting", sentence: "", at: 0, ...draft, key };
  return EARLIER.test(known.name) ? { ...known, state: "earlier" } : known;
}

// Returns the sessions with drafts in this browser.
export function sessionsWithDrafts(storage = localStorage) {
  const all = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  return [...new Set(all.filter((key) => key?.startsWith(PREFIX)).map((key) => key.split(":")[1]))];
}
