// Every upload of this person in this browser: two travel at once, the rest wait their turn. Trouble that passes is
// waited out; what needs a person says so.
import { createPace } from "./transfer_rate.js";
import { first, halved, regrown } from "./part_size.js";
import { all, claim, fileOf, forget, keep, keepFile } from "./store.js";
import { createTransfer } from "./transfer.js";

const AT_ONCE = 2;
const WAITS_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

export function createQueue({ endpoint, user, largestPart, changed }) {
  const items = new Map();

  const record = ({ id, name, size, type, modified, language, speakers, team, url, sent, paused, added }) =>
    ({ id, name, size, type, modified, language, speakers, team, url, sent, paused, added, user });
  const remember = (item) => keep(record(item)).catch(() => {});
  const inState = (...states) => [...items.values()].filter((item) => states.includes(item.state));

  function set(item, state, words = "") {
    Object.assign(item, { state, words });
    changed(item);
  }

  function next() {
    const free = AT_ONCE - inState("sending").length;
    inState("queued").slice(0, Math.max(0, free)).forEach(send);
  }

  function send(item) {
    set(item, "sending");
    item.pace.reset();
    item.transfer = createTransfer(item, item.file, endpoint, {
      recording: (id) => { item.recording = id; },
      url: (url) => { item.url = url; remember(item); changed(item); },
      progress: (sent) => { item.sent = sent; item.pace.add(sent); changed(item); },
      accepted: (sent) => {
        Object.assign(item, { sent, tries: 0, part: regrown(item.part, largestPart) });
        item.transfer.options.chunkSize = item.part;
        remember(item);
      },
      success: () => arrived(item),
      error: (trouble) => met(item, trouble),
    });
    item.transfer.start();
  }

  function arrived(item) {
    item.sent = item.size;
    drop(item);
    set(item, "done");
    next();
  }

  // Nothing of it has to outlive the page any more.
  function drop(item) {
    clearTimeout(item.timer);
    forget(item.id).catch(() => {}).finally(() => item.release());
    item.file = item.transfer = null;
  }

  function met(item, trouble) {
    if (!items.has(item.id) || item.state !== "sending") return;
    if (trouble.kind === "gone") need(item);
    else if (trouble.kind === "lost") anew(item);
    else if (trouble.kind === "refused") set(item, "failed", trouble.words);
    else wait(item, trouble);
    next();
  }

  function need(item) {
    item.file = null;
    set(item, "needs-file");
  }

  function anew(item) {
    Object.assign(item, { url: "", sent: 0 });
    remember(item);
    again(item);
  }

  function wait(item, { words, broke }) {
    if (broke) item.part = halved(item.part);
    const delay = WAITS_MS[Math.min(item.tries, WAITS_MS.length - 1)];
    item.tries += 1;
    item.timer = setTimeout(() => again(item), delay);
    set(item, "waiting", words);
  }

  function again(item) {
    clearTimeout(item.timer);
    if (!item.file) return set(item, "needs-file");
    set(item, "queued");
    next();
  }

  async function add(file, { language, speakers, team }) {
    const same = inState("needs-file").find((item) => item.name === file.name && item.size === file.size);
    if (same) return give(same, file);
    const item = make({
      id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
      name: file.name, size: file.size, type: file.type, modified: file.lastModified, language, speakers, team,
      url: "", sent: 0, paused: false, added: Date.now(),
    });
    item.release = (await claim(item.id)) ?? (() => {});
    give(item, file);
  }

  function make(fields) {
    const item = { ...fields, state: "queued", words: "", tries: 0, part: first(largestPart), kept: false, pace: createPace(), release: () => {} };
    items.set(item.id, item);
    changed(item);
    return item;
  }

  function give(item, file) {
    item.file = file;
    remember(item);
    keepFile(item.id, file).then((kept) => { item.kept = kept; if (items.has(item.id)) changed(item); });
    again(item);
  }

  async function restore() {
    for (const fields of await all(user)) {
      const release = items.has(fields.id) ? null : await claim(fields.id);
      if (!release) continue;
      const file = await fileOf(fields.id).catch(() => null);
      const item = Object.assign(make(fields), { release, file, kept: Boolean(file) });
      if (!file) set(item, "needs-file");
      else if (item.paused) set(item, "paused");
    }
    next();
  }

  const actions = {
    pause: (item) => {
      item.paused = true;
      clearTimeout(item.timer);
      set(item, "paused");
      item.transfer?.abort();
      remember(item);
      next();
    },
    resume: (item) => {
      item.paused = false;
      remember(item);
      again(item);
    },
    retry: again,
    cancel: (item) => {
      // The server forgets what nobody goes on with, should this request not reach it.
      item.transfer?.abort(Boolean(item.url)).catch(() => {});
      items.delete(item.id);
      drop(item);
      set(item, "cancelled");
      next();
    },
    dismiss: (item) => {
      items.delete(item.id);
      drop(item);
      set(item, "cancelled");
    },
    choose: (item, file) => {
      if (file.size === item.size && file.name === item.name) return give(item, file);
      set(item, "needs-file", `That is another file. Choose ${item.name} again, or cancel this upload.`);
    },
  };

  addEventListener("online", () => inState("waiting").forEach(again));
  addEventListener("beforeunload", (event) => {
    if (inState("sending", "queued", "waiting", "paused").some((item) => !item.kept)) event.preventDefault();
  });

  return { add, restore, act: (name, id, file) => items.has(id) && actions[name](items.get(id), file), items };
}
