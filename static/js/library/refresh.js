// Keeps fragments of the page (`data-refresh`) as they are on the server: what an event names is fetched again, one request
// at a time a fragment, however many events arrive. While the events are away, fragments in progress are polled slowly.
import htmx from "htmx.org";
import { bindAll } from "../modules.js";

const DEBOUNCE_MS = 60;
const POLL_MS = 10_000;
// Progress of recordings that aren't shown changes what is counted at most so often.
const RECOUNT_MS = 2_000;

// Fragments in which something is in progress.
const IN_PROGRESS = ":is([data-waiting], [data-state=working], :not(.row):has(progress, [data-waiting]))";
// A menu is open, text is being edited, or a key or pointer is down: replacing the target would lose the click. The answer
// to a form that was sent would be lost as well: its target is around the form.
const IN_USE = "details[open], [data-editing], :active, .htmx-request";

const pending = new Map();

const all = (selector) => [...document.querySelectorAll(selector)];
const fragment = (id) => document.getElementById(id);
// A search outside the list waits for an answer, which htmx puts only into the element that the request was sent for.
const isAwaited = (element) => document.querySelector(`.htmx-request[hx-target="#${CSS.escape(element.id)}"]`);
const isInUse = (element) => element.querySelector(IN_USE) ?? isAwaited(element);
const isBell = (element) => element.dataset.refresh === "bell";
const isRow = (element) => element.dataset.refresh === "row";
const rowsApart = () => all("[data-refresh]:not([data-refresh=row])");
const lists = () => all("[data-refresh=list]");
const fragmentsOf = (recording) => all(`[data-refresh][data-recording="${CSS.escape(recording)}"]`);

function refetch(element) {
  const state = pending.get(element.id) ?? { isRunning: false, isStale: false, timer: 0 };
  pending.set(element.id, state);
  if (state.isRunning) state.isStale = true;
  else state.timer ||= setTimeout(() => run(element.id, state), DEBOUNCE_MS);
}

async function run(id, state) {
  Object.assign(state, { timer: 0, isRunning: true, isStale: false });
  const element = fragment(id);
  try {
    if (element) await replace(element);
  } catch {
    tryLater(id);
  }
  state.isRunning = false;
  if (state.isStale && fragment(id)) refetch(fragment(id));
  else pending.delete(id);
}

// No event may come again that names it. Without events everything is fetched again when they return.
function tryLater(id) {
  setTimeout(() => {
    const element = fragment(id);
    if (element && document.documentElement.dataset.events === "on") refetch(element);
  }, POLL_MS);
}

async function replace(element) {
  const { id } = element;
  const { href } = element.dataset;
  if (isInUse(element)) return postpone(element);
  const response = await fetch(href, { headers: { "HX-Request": "true", "HX-Target": id } });
  if (isBell(element) && (response.redirected || !response.ok)) return; // a number is no reason to leave a page with unsaved text
  if (response.redirected) return reload();
  const html = await response.text();
  // No await from here on: what is in use now was not when the request was sent.
  const present = fragment(id);
  if (!present) return;
  // A search, a filter or another page came in between: this is the answer to an earlier request.
  if (present !== element || present.dataset.href !== href) return refetch(present);
  if (response.status === 404) return isRow(present) ? present.remove() : reload();
  if (!response.ok) throw new Error(`${href}: ${response.status}`);
  if (isInUse(present)) return postpone(present);
  swap(present, html);
}

// Signing out ends the capture, and the bar then says where the audio is.
export const isRecording = () => "capturing" in document.documentElement.dataset || document.querySelector("[data-module=recording-bar]:not([hidden])");

// No event ends a recording or takes a text away that someone writes: the recording bar and the editor say what is wrong, and a
// person decides.
const isWorking = () => isRecording() || document.querySelector("[data-module=reader], [data-module=live-page]");
const reload = () => isWorking() || location.reload();

const postpone = (element) => { element.dataset.stale = ""; };

// Refetches what was postponed while it was in use.
function catchUp() {
  for (const element of all("[data-stale]")) {
    if (isInUse(element)) continue;
    delete element.dataset.stale;
    refetch(element);
  }
}

function swap(old, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  if (!fresh || fresh.id !== old.id || !old.isConnected) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  markArrivals(old, fresh);
  if (changesTheList(old, fresh)) lists().forEach(refetch);
  old.replaceWith(fresh);
  htmx.process(fresh);
  bindAll(fresh);
  document.dispatchEvent(new CustomEvent("verbatim:swapped", { detail: { element: fresh } }));
  if (focused) fragment(focused)?.focus({ preventScroll: true });
}

function markArrivals(old, fresh) {
  if (old.dataset.refresh !== "list" || !old.querySelector("[data-recording]")) return;
  for (const row of fresh.querySelectorAll("[data-recording]")) {
    if (!fragment(row.id)) row.classList.add("arrived");
  }
}

// A row whose duration became known changes the totals; one in another state, folder or review may belong elsewhere, and is
// counted there.
function changesTheList(old, fresh) {
  return isRow(old) && ["duration", "state", "review", "place"].some((name) => old.dataset[name] !== fresh.dataset[name]);
}

let recounting = 0;

function recount() {
  recounting ||= setTimeout(() => {
    recounting = 0;
    lists().forEach(refetch);
  }, RECOUNT_MS);
}

function follow(recording) {
  const shown = fragmentsOf(recording);
  shown.forEach(refetch);
  if (!shown.length) recount();
}

const reactions = {
  ready: () => rowsApart().forEach(refetch),
  "recording.created": () => lists().forEach(refetch),
  "recording.deleted": ({ recording }) => {
    lists().forEach(refetch);
    fragmentsOf(recording).filter((element) => !isRow(element)).forEach(refetch);
  },
  "recording.changed": ({ recording }) => follow(recording),
  "export.changed": ({ recording }) => fragmentsOf(recording).forEach(refetch),
  "bulk.changed": ({ recording }) => fragmentsOf(recording).forEach(refetch),
  "notifications.changed": () => all("[data-refresh=bell]").forEach(refetch),
  "library.changed": () => lists().forEach(refetch),
  "queue.changed": () => all("[data-refresh][data-waiting]").forEach(refetch),
};

export function watchEvents() {
  document.addEventListener("verbatim:event", ({ detail }) => {
    document.documentElement.dataset.events = "on";
    reactions[detail.event]?.(detail);
  });
  document.addEventListener("toggle", (event) => event.newState === "closed" && catchUp(), true);
  // After what the pointer or key did.
  for (const end of ["pointerup", "pointercancel", "keyup", "htmx:afterRequest"]) document.addEventListener(end, () => setTimeout(catchUp), true);
  setInterval(() => {
    if (document.hidden || document.documentElement.dataset.events === "on") return;
    rowsApart().filter((element) => element.matches(IN_PROGRESS)).forEach(refetch);
  }, POLL_MS);
}
