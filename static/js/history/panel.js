// The panel "History": entries by day, versions, what one segment ever said, comparisons, and restoring.
import { bindHotkeys } from "../hotkeys.js";
import { rested } from "../panels/dom.js";
import { post } from "../requests.js";
import { createComparison } from "./comparison.js";
import { appendByDay } from "./days.js";
import { loadPart } from "./part.js";
import { confirmRestoration, restoration, sendOperations } from "./restoring.js";
import { watchSeen } from "./seen.js";

// Changes are listed after this rest, while no one reads further down.
const REST_MS = 1_500;
const NEAR_TOP_PX = 40;
const NOT_LOADED = "The history could not be loaded. Check your connection and try again.";
const NOT_COMPARED = "The versions could not be compared. Check your connection and try again.";

// `side` holds the panels. `push(...ops)` sends operations through the editor, `change()` is the number of the last change
// that the page shows, and `subscribe(listener)` tells of changes; without an editor these are found here.
export function createHistory(root, { side, push = null, change = null, subscribe = () => () => {} }) {
  const template = root.querySelector("[data-history-template]");
  if (!template) return { showSegment: () => {}, stop: () => {} };
  const panel = template.content.firstElementChild.cloneNode(true);
  const { href, editsHref, seenHref } = panel.dataset;
  const lastChange = change ?? (() => Number(panel.dataset.change));
  const entries = panel.querySelector("[data-history-entries]");
  const one = panel.querySelector("[data-history-segment]");
  const selected = panel.querySelector("[data-history-selected]");
  const dialog = panel.querySelector("[data-restore-dialog]");
  const status = (text) => { panel.querySelector("[data-history-status]").textContent = text; };
  const text = root.querySelector("[data-text]");
  const comparison = createComparison({ text, onClose: closed });
  let [segment, isStale, listed] = ["", false, 0];

  function closed() {
    press(null);
    if (isStale) load();
  }

  const itemsOf = (part) => {
    const held = document.createElement("template");
    held.innerHTML = part;
    return [...held.content.children];
  };

  async function load() {
    const part = await loadPart(href);
    if (part === null) return status(NOT_LOADED);
    status("");
    [isStale, listed] = [false, lastChange()];
    entries.replaceChildren();
    appendByDay(entries, itemsOf(part));
  }

  const isRead = () => entries.contains(document.activeElement) || panel.scrollTop > NEAR_TOP_PX;

  const listChanges = rested(() => {
    if (panel.hidden || entries.hidden || text.hidden || lastChange() <= listed || isRead()) return;
    load();
  }, REST_MS);

  // The focus goes to the first of what is added: the button that was pressed is gone.
  async function more(button) {
    button.disabled = true;
    const part = await loadPart(button.dataset.more);
    if (part === null) {
      button.disabled = false;
      return status(NOT_LOADED);
    }
    const items = itemsOf(part);
    button.remove();
    appendByDay(entries, items);
    items[0]?.querySelector("button, a")?.focus();
  }

  function press(button) {
    for (const other of panel.querySelectorAll("[data-compare]")) other.setAttribute("aria-pressed", String(other === button));
  }

  async function compare(button) {
    if (button.getAttribute("aria-pressed") === "true") return comparison.close();
    const isShown = await comparison.open(button.dataset.compare, button);
    status(isShown ? "" : NOT_COMPARED);
    if (isShown) press(button);
  }

  async function restore({ restore: to, segment: key }) {
    if (!(await confirmRestoration(dialog, key))) return;
    const operation = restoration(Number(to), key);
    if (!push) {
      const problem = await sendOperations(editsHref, lastChange(), [operation]);
      return problem ? status(problem) : location.reload();
    }
    push(operation);
    comparison.close();
    isStale = true;
    status("Restored. Ctrl Z undoes it.");
  }

  async function showSegment(key) {
    const part = await loadPart(`${href}?segment=${encodeURIComponent(key)}`);
    if (part === null) return status(NOT_LOADED);
    one.innerHTML = part;
    [one.hidden, entries.hidden] = [false, true];
    side.show("history");
    one.querySelector("button").focus();
  }

  function showAll() {
    [one.hidden, entries.hidden] = [true, false];
    selected.focus();
  }

  async function nameVersion(form) {
    const answer = await post(form.action, new FormData(form));
    if (answer.status !== 200) return status(answer.detail ?? "The version could not be saved. Try again.");
    form.reset();
    await load();
    status(`Saved as “${answer.name}”.`);
  }

  function clicked({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const data = button.dataset;
    if ("compare" in data) compare(button);
    else if ("more" in data) more(button);
    else if ("restore" in data) restore(data);
    else if ("all" in data) showAll();
    else if ("historySelected" in data) showSegment(segment);
    else if ("historyOf" in data) showSegment(data.historyOf);
  }

  // The segment that the caret is in, or was in before the panel took the focus.
  function selectionMoved() {
    const node = getSelection().anchorNode;
    const found = (node instanceof Element ? node : node?.parentElement)?.closest("[data-text] [data-id]");
    if (found) segment = found.dataset.id;
    selected.hidden = !segment;
  }

  panel.addEventListener("click", clicked);
  comparison.element.addEventListener("click", clicked);
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    nameVersion(event.target);
  });
  document.addEventListener("selectionchange", selectionMoved);
  side.add(panel, { label: "History", onShow: load });
  const release = bindHotkeys({ "panel.history": () => side.show("history") });
  const unsubscribe = subscribe(listChanges);
  const stopSeeing = watchSeen({ url: seenHref, change: lastChange });

  return {
    showSegment,
    stop: () => {
      release();
      unsubscribe();
      listChanges.end();
      stopSeeing();
      comparison.stop();
      document.removeEventListener("selectionchange", selectionMoved);
    },
  };
}
