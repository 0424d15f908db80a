// Keeps parts of the page as they are on the server: what an event names is fetched again, one request at a time
// a part, however many events come. Should the socket be down, parts that change by themselves are asked for slowly.
import htmx from "htmx.org";
import { bindAll } from "../modules.js";

const DEBOUNCE_MS = 60;
const WITHOUT_EVENTS_MS = 10_000;

// Parts in which something is under way.
const MOVING = ":is([data-waiting], :has(progress, [data-waiting]))";

const pending = new Map();

const part = (id) => document.getElementById(id);
// A menu is open, something is being written, or a key or pointer is down: a click that lost its target would be lost.
// So would be the answer to a form that was sent: where it goes is written around the form.
const isBusy = (element) => element.querySelector("details[open], [data-editing], :active, .htmx-request");

function refetch(element) {
  const state = pending.get(element.id) ?? { running: false, again: false, timer: 0 };
  pending.set(element.id, state);
  if (state.running) state.again = true;
  else state.timer ||= setTimeout(() => run(element.id, state), DEBOUNCE_MS);
}

async function run(id, state) {
  Object.assign(state, { timer: 0, running: true, again: false });
  const element = part(id);
  try {
    if (element) await replace(element);
  } catch {
    // The server is away: the socket's return fetches everything again.
  }
  state.running = false;
  if (state.again && part(id)) refetch(part(id));
  else pending.delete(id);
}

async function replace(element) {
  const { id } = element;
  const { href } = element.dataset;
  if (isBusy(element)) return mark(element);
  const response = await fetch(href, { headers: { "HX-Request": "true", "HX-Target": id } });
  if (response.redirected) return reload();
  const html = await response.text();
  // From here on nothing is waited for: whoever is busy now was not when it was asked.
  const now = part(id);
  if (!now) return;
  // A search or a filter came in between: this answer is to an earlier question.
  if (now.dataset.href !== href) return refetch(now);
  if (response.status === 404) return now.dataset.live === "row" ? now.remove() : reload();
  if (!response.ok) return;
  if (isBusy(now)) return mark(now);
  swap(now, html);
}

// Nothing that happens elsewhere ends a recording: the bar says what is wrong, and a person decides.
const reload = () => "recording" in document.documentElement.dataset || location.reload();

const mark = (element) => { element.dataset.stale = ""; };

// What was left as it is while somebody was busy in it.
function catchUp() {
  for (const element of all("[data-stale]")) {
    if (isBusy(element)) continue;
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
  if (countsOtherwise(old, fresh)) all("[data-live=list]").forEach(refetch);
  old.replaceWith(fresh);
  htmx.process(fresh);
  bindAll(fresh);
  document.dispatchEvent(new CustomEvent("verbatim:swapped", { detail: { element: fresh } }));
  if (focused) part(focused)?.focus({ preventScroll: true });
}

function markArrivals(old, fresh) {
  if (old.dataset.live !== "list" || !old.querySelector("[data-recording]")) return;
  for (const row of fresh.querySelectorAll("[data-recording]")) {
    if (!part(row.id)) row.classList.add("arrived");
  }
}

// A row whose length is known now changes the totals; in a filtered list, one in another state may not belong any more.
function countsOtherwise(old, fresh) {
  if (old.dataset.live !== "row") return false;
  const isFiltered = Boolean(old.closest("[data-filtered]"));
  return old.dataset.length !== fresh.dataset.length || (isFiltered && old.dataset.state !== fresh.dataset.state);
}

const all = (selector) => [...document.querySelectorAll(selector)];

const showing = (recording) => all(`[data-recording="${CSS.escape(recording)}"]`);

const reactions = {
  ready: () => all("[data-live]:not([data-live=row])").forEach(refetch),
  "recording.created": () => all("[data-live=list]").forEach(refetch),
  "recording.deleted": ({ recording }) => {
    all("[data-live=list]").forEach(refetch);
    showing(recording).filter((element) => element.dataset.live !== "row").forEach(refetch);
  },
  "recording.changed": ({ recording }) => showing(recording).forEach(refetch),
  "queue.changed": () => all("[data-live][data-waiting]").forEach(refetch),
};

export function watchRows() {
  document.addEventListener("verbatim:event", ({ detail }) => {
    document.documentElement.dataset.live = "on";
    reactions[detail.event]?.(detail);
  });
  document.addEventListener("toggle", (event) => event.newState === "closed" && catchUp(), true);
  // After what the pointer or key did.
  for (const end of ["pointerup", "pointercancel", "keyup", "htmx:afterRequest"]) document.addEventListener(end, () => setTimeout(catchUp), true);
  setInterval(() => {
    if (document.hidden || document.documentElement.dataset.live === "on") return;
    all("[data-live]:not([data-live=row])").filter((element) => element.matches(MOVING)).forEach(refetch);
  }, WITHOUT_EVENTS_MS);
}
