// Every upload of this person in this browser: two are sent at a time, the rest are queued. Temporary trouble is retried with
// growing delays; what needs a person has a message. A file that the team has already is sent only if the person says so.
import { uuid } from "../ids.js";
import { createLeaveGuard } from "../leaving.js";
import { first, halved, regrown } from "./chunk_size.js";
import { lookUp as lookUpFiles } from "./known_files.js";
import { createTransfer } from "./transfer.js";
import { createRate } from "./transfer_rate.js";
import * as browserStore from "./upload_store.js";

const CONCURRENT = 2;
const RETRY_DELAYS_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const UNFINISHED = ["sending", "queued", "waiting", "paused", "checking"];

// `onChange(item)` is called whenever something about an upload changed.
export function createQueue({ endpoint, user, largestChunk, onChange, store = browserStore, transferOf = createTransfer, lookUp = lookUpFiles }) {
  const items = new Map();
  const guardLeaving = createLeaveGuard();
  let checking = null;

  const record = ({ id, name, size, type, modified, language, speakers, wishes, team, folder, transcript, batch, url, sent, paused, added, isNew }) =>
    ({ id, name, size, type, modified, language, speakers, wishes, team, folder, transcript, batch, url, sent, paused, added, isNew, user });
  const save = (item) => store.save(record(item)).catch(() => {});
  const inState = (...states) => [...items.values()].filter((item) => states.includes(item.state));

  function setState(item, state, message = "") {
    Object.assign(item, { state, message });
    changed(item);
  }

  // Closing the page loses what is not sent and not stored here.
  function changed(item) {
    guardLeaving(inState(...UNFINISHED).some((one) => !one.isStored));
    onChange(item);
  }

  function sendNext() {
    const free = CONCURRENT - inState("sending").length;
    inState("queued").filter((item) => item.file && !item.isNew).slice(0, Math.max(0, free)).forEach(send);
  }

  function send(item) {
    setState(item, "sending");
    item.rate.reset();
    item.transfer = transferOf(item, item.file, endpoint, {
      recording: (id, folder) => Object.assign(item, { recording: id, isFolderGone: Boolean(item.folder) && !folder }),
      url: (url) => { item.url = url; save(item); onChange(item); },
      progress: (sent) => { item.sent = sent; item.rate.add(sent); onChange(item); },
      accepted: (sent) => accept(item, sent),
      success: () => finish(item),
      error: (problem) => handle(item, problem),
    });
    item.transfer.start();
  }

  function accept(item, sent) {
    Object.assign(item, { sent, attempts: 0, chunkBytes: regrown(item.chunkBytes, largestChunk) });
    item.transfer.options.chunkSize = item.chunkBytes;
    save(item);
  }

  function finish(item) {
    item.sent = item.size;
    release(item);
    setState(item, "done");
    sendNext();
  }

  // Nothing of it has to outlive the page any more.
  function release(item) {
    clearTimeout(item.timer);
    store.remove(item.id).catch(() => {}).finally(() => item.unlock());
    item.file = item.transfer = null;
  }

  function handle(item, problem) {
    if (!items.has(item.id) || item.state !== "sending") return;
    if (problem.kind === "no-file") askForFile(item);
    else if (problem.kind === "lost") restart(item);
    else if (problem.kind === "refused") setState(item, "failed", problem.message);
    else retryLater(item, problem);
    sendNext();
  }

  function askForFile(item) {
    item.file = null;
    setState(item, "needs-file");
  }

  // The server no longer has what it was sent: from the first byte.
  function restart(item) {
    Object.assign(item, { url: "", sent: 0 });
    save(item);
    enqueue(item);
  }

  function retryLater(item, { message, brokeOff }) {
    if (brokeOff) item.chunkBytes = halved(item.chunkBytes);
    const delay = RETRY_DELAYS_MS[Math.min(item.attempts, RETRY_DELAYS_MS.length - 1)];
    item.attempts += 1;
    item.timer = setTimeout(() => enqueue(item), delay);
    setState(item, "waiting", message);
  }

  function enqueue(item) {
    clearTimeout(item.timer);
    if (!item.file) return setState(item, "needs-file");
    if (item.isNew) return check(item);
    setState(item, "queued");
    sendNext();
  }

  // Files that were chosen together are looked up together.
  function check(item) {
    setState(item, "checking");
    checking ??= Promise.resolve().then(lookUpAll);
  }

  async function lookUpAll() {
    const items = inState("checking");
    checking = null;
    const found = await lookUp(items).catch(() => null);
    for (const item of items.filter((one) => one.state === "checking")) {
      if (!found) retryLater(item, { message: "" });
      else if (found.has(item.id)) ask(item, found.get(item.id));
      else sendAnyway(item);
    }
  }

  function ask(item, recording) {
    item.known = recording;
    setState(item, "known");
  }

  function sendAnyway(item) {
    Object.assign(item, { isNew: false, attempts: 0 });
    save(item);
    enqueue(item);
  }

  async function add(file, { language, speakers, wishes = {}, team, folder = "", transcript = "", batch = null }) {
    const same = inState("needs-file").find((item) => item.name === file.name && item.size === file.size);
    if (same) return setFile(same, file);
    const item = create({
      id: uuid(),
      name: file.name, size: file.size, type: file.type, modified: file.lastModified, language, speakers, wishes, team, folder, transcript, batch,
      url: "", sent: 0, paused: false, added: Date.now(), isNew: true,
    });
    if (!file.size) return setState(item, "empty");
    item.unlock = (await store.lock(item.id)) ?? (() => {});
    setFile(item, file);
  }

  function create(fields) {
    const item = {
      ...fields, state: "queued", message: "", attempts: 0, chunkBytes: first(largestChunk), isStored: false, rate: createRate(), unlock: () => {},
    };
    items.set(item.id, item);
    changed(item);
    return item;
  }

  function setFile(item, file) {
    item.file = file;
    save(item);
    store.saveFile(item.id, file).then((isStored) => { item.isStored = isStored; if (items.has(item.id)) changed(item); });
    enqueue(item);
  }

  async function restore() {
    for (const fields of await store.list(user)) {
      const unlock = items.has(fields.id) ? null : await store.lock(fields.id);
      if (!unlock) continue;
      const file = await store.loadFile(fields.id).catch(() => null);
      const item = Object.assign(create(fields), { unlock, file, isStored: Boolean(file) });
      changed(item);
      if (!file) setState(item, "needs-file");
      else if (item.paused) setState(item, "paused");
      else if (item.isNew) check(item);
    }
    sendNext();
  }

  function discard(item) {
    items.delete(item.id);
    release(item);
    setState(item, "cancelled");
  }

  const actions = {
    pause: (item) => {
      item.paused = true;
      clearTimeout(item.timer);
      setState(item, "paused");
      item.transfer?.abort();
      save(item);
      sendNext();
    },
    resume: (item) => {
      item.paused = false;
      save(item);
      enqueue(item);
    },
    retry: enqueue,
    again: sendAnyway,
    cancel: (item) => {
      // If this request is lost, the server removes the abandoned upload itself.
      item.transfer?.abort(Boolean(item.url)).catch(() => {});
      discard(item);
      sendNext();
    },
    dismiss: discard,
    choose: (item, file) => {
      if (file.size === item.size && file.name === item.name) return setFile(item, file);
      setState(item, "needs-file", `That's a different file. Choose ${item.name} again, or cancel this upload.`);
    },
  };

  addEventListener("online", () => inState("waiting").forEach(enqueue));

  return { add, restore, act: (name, id, file) => items.has(id) && actions[name](items.get(id), file), items };
}
