// What people wrote and the server has not confirmed. A draft lives until the server has it (200) or a person dropped it:
// no answer, reload, dead battery or colleague takes it away.
//
// Each draft is stored on its own: by what it changes, the revision it was written on, and the tab that wrote it. Only
// a 200 raises its revision. After a 409 it waits for a person's choice between the two texts; nothing is sent over
// a colleague's revision unasked.
import { post as send } from "../requests.js";

const AGAIN_MS = 2_000;
const PREFIX = "verbatim-draft:";

const isPassing = (status) => status === 0 || status >= 500 || status === 429;

function newClient() {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A browser whose storage is full or forbidden keeps drafts as long as the page.
function careful(storage) {
  const unstored = new Map();
  return {
    keys: () => [...new Set([...Array.from({ length: storage.length }, (_, at) => storage.key(at)), ...unstored.keys()])],
    get: (key) => {
      try {
        return JSON.parse(unstored.get(key) ?? storage.getItem(key));
      } catch {
        return null; // not ours, or cut off
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

// `settle(name, answer, draft)` hears of every answer that ends the wait for one: 200, a conflict or a refusal.
// `changed()` is called whenever a draft came, went or changed its state.
export function drafts(session, settle = () => {}, { storage = localStorage, post = send, later = setTimeout, never = clearTimeout, client = newClient(), changed = () => {} } = {}) {
  const prefix = `${PREFIX}${session}:`;
  const store = careful(storage);
  const sending = new Set();
  let timer = 0;

  const keys = () => store.keys().filter((key) => key?.startsWith(prefix));
  const read = (key) => described(key, store.get(key), prefix);
  const list = (name) => keys().map(read).filter((draft) => draft && (name === undefined || draft.name === name));

  function write(draft) {
    const { key, ...stored } = draft;
    store.set(key, stored);
    changed();
  }

  function drop(key) {
    store.remove(key);
    changed();
  }

  async function submit(key) {
    const draft = read(key);
    if (!draft || draft.state !== "waiting" || sending.has(key)) return;
    sending.add(key);
    const answer = await post(draft.url, draft.fields).catch(() => ({ status: 0 }));
    sending.delete(key);
    if (isPassing(answer.status)) {
      timer ||= later(() => { timer = 0; resend(); }, AGAIN_MS);
      return;
    }
    const now = read(key);
    if (!now) return; // another tab sent it too, or someone dropped it there
    const isSame = JSON.stringify(now.fields) === JSON.stringify(draft.fields);
    if (answer.status === 200 && isSame) drop(key);
    else if (answer.status === 200) write({ ...now, fields: raised(now.fields, answer) });
    // What is there now is what this person wrote before: no one else's, so there is nothing to choose.
    else if (answer.status === 409 && now.earlier.includes(answer.segment?.text)) write({ ...now, fields: raised(now.fields, answer) });
    else write({ ...now, state: answer.status === 409 ? "conflict" : "refused", theirs: answer.segment ?? null, sentence: answer.sentence ?? "" });
    settle(draft.name, answer, read(key) ?? draft);
    await submit(key); // what was written on meanwhile
  }

  const resend = () => Promise.all(keys().map(submit));

  // `replaces` is the key of a draft that this one was made from.
  function put(name, url, fields, { replaces = "" } = {}) {
    const key = `${prefix}${name}:r${fields.revision ?? ""}:${client}`;
    const earlier = [...new Set([key, replaces].map(read).filter(Boolean).flatMap((draft) => [...draft.earlier, draft.fields.text]))];
    write({ key, name, url, fields, earlier, state: "waiting", at: Date.now() });
    if (replaces && replaces !== key) drop(replaces);
    return submit(key);
  }

  return {
    put,
    resend,
    list,
    drop,
    // What someone chose: their text over the colleague's present one, or the same again after a refusal.
    insist: (key) => {
      const draft = read(key);
      if (!draft) return Promise.resolve();
      const fields = draft.theirs ? { ...draft.fields, revision: draft.theirs.revision } : draft.fields;
      write({ ...draft, fields, state: "waiting", theirs: null, sentence: "" });
      return submit(key);
    },
    get waiting() { return list().filter((draft) => draft.state === "waiting").length; },
    // Resolves once nothing is on its way any more. What waits for a choice stays.
    settled: async () => {
      while (list().some((draft) => draft.state === "waiting")) await new Promise((again) => later(again, 100));
    },
    end: () => never(timer),
  };
}

// Drafts of earlier versions say nothing of their name and state.
function described(key, draft, prefix) {
  if (!draft || typeof draft !== "object" || !draft.url || !draft.fields) return null;
  return { name: key.slice(prefix.length), state: "waiting", theirs: null, sentence: "", at: 0, earlier: [], ...draft, key };
}

function raised(fields, answer) {
  return answer.segment && "revision" in fields ? { ...fields, revision: answer.segment.revision } : fields;
}

// The sessions of which drafts lie here.
export function sessionsWithDrafts(storage = localStorage) {
  const all = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  return [...new Set(all.filter((key) => key?.startsWith(PREFIX)).map((key) => key.split(":")[1]))];
}
