// Marked moments of a session, with or without a note, and where recording continued after a break.
import { formatDuration } from "../clock.js";
import { bindHotkeys } from "../hotkeys.js";
import { uuid } from "../ids.js";

const PREFIX = "marker:";
const LABELS = { mark: "Marked", break: "Continued after a break" };

const idOf = (node) => node.dataset.item.slice(PREFIX.length);
const nodeOf = (target) => target.closest(`[data-item^='${PREFIX}']`);

function write(node, { id, at_ms: at, kind, note, author }) {
  Object.assign(node.dataset, { item: `${PREFIX}${id}`, at, kind, note });
  node.classList.toggle("break", kind === "break");
  node.querySelector("[data-moment]").textContent = formatDuration(at);
  const label = node.querySelector("[data-kind-label]");
  label.textContent = LABELS[kind] ?? LABELS.mark;
  label.title = author ? `by ${author}` : "";
  const field = node.querySelector("input");
  if (field && document.activeElement !== field) field.value = note;
  const text = node.querySelector("[data-noted]");
  if (text) text.textContent = note;
}

// `now()` is the present position in the session, in ms.
export function createMarkers({ element, asides, drafts, now }) {
  const baseUrl = element.dataset.url;
  const button = element.querySelector("[data-mark]");
  const template = element.querySelector("template[data-template=marker]");
  let unbind = () => {};

  const save = (id, fields) => drafts.save(`${PREFIX}${id}`, `${baseUrl}markers/${id}/`, fields);

  function add({ kind = "mark", note = "" } = {}) {
    const marker = { id: uuid(), at_ms: Math.round(now()), kind, note, author: "" };
    save(marker.id, { at_ms: marker.at_ms, kind, note });
    return show(marker);
  }

  function show(marker) {
    const key = `${PREFIX}${marker.id}`;
    if (marker.removed) return asides.remove(key);
    const node = asides.get(key) ?? template.content.firstElementChild.cloneNode(true);
    write(node, marker);
    asides.show(key, marker.at_ms, node);
    return node;
  }

  // A field that is moved while someone writes in it tells of no change: leaving it does.
  function keepNote({ target }) {
    const node = target.matches("input") && nodeOf(target);
    if (!node || target.value === node.dataset.note) return;
    node.dataset.note = target.value;
    save(idOf(node), { at_ms: node.dataset.at, kind: node.dataset.kind, note: target.value });
  }

  element.addEventListener("change", keepNote);
  element.addEventListener("focusout", keepNote);
  element.addEventListener("keydown", ({ key, target }) => {
    if (key === "Enter" && target.matches("input") && nodeOf(target)) target.blur();
  });
  element.addEventListener("click", ({ target }) => {
    const node = target.closest("[data-remove]") && nodeOf(target);
    if (!node) return;
    save(idOf(node), { remove: 1 });
    asides.remove(node.dataset.item);
  });
  button?.addEventListener("click", () => add());
  if (button) unbind = bindHotkeys({ "live.mark": () => add(), "live.note": () => add().querySelector("input").focus() });

  return {
    show,
    markBreak: () => add({ kind: "break" }),
    settle: (answer) => answer.marker && show(answer.marker),
    end: unbind,
  };
}
