// Moments marked with M, and notes with N; where speaking went on after a break.
import { isTyping } from "../hotkeys.js";
import { clock } from "./live_text.js";

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

// `now()` is the present moment of the session in ms.
export function markers({ element, words, kept, now }) {
  const base = element.dataset.url;

  function write(node, { at_ms: at, kind, note, author }) {
    node.classList.toggle("break", kind === "break");
    node.querySelector("[data-when]").textContent = clock(at);
    node.querySelector("[data-kind]").textContent = kind === "break" ? "Went on after a break" : "Marked";
    node.querySelector("[data-kind]").title = author ? `by ${author}` : "";
    const field = node.querySelector("input");
    if (field && document.activeElement !== field) field.value = note;
    const text = node.querySelector("[data-noted]");
    if (text) text.textContent = note;
  }

  const keep = (id, fields) => kept.put(`marker:${id}`, `${base}markers/${id}/`, fields);

  function put({ kind = "mark", note = "" } = {}) {
    const marker = { id: newId(), at_ms: Math.round(now()), kind, note, author: "" };
    keep(marker.id, { at_ms: marker.at_ms, kind, note });
    return show(marker);
  }

  function show(marker) {
    const key = `marker:${marker.id}`;
    if (marker.removed) return words.drop(key);
    const node = words.item(key, marker.at_ms, (made) => write(made, marker));
    node.dataset.kind = marker.kind;
    return node;
  }

  const idOf = (node) => node.dataset.item.slice("marker:".length);

  element.addEventListener("change", (event) => {
    const node = event.target.closest("[data-item^='marker:']");
    if (node) keep(idOf(node), { at_ms: node.dataset.at, kind: node.dataset.kind ?? "mark", note: event.target.value });
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest("[data-item^='marker:']") && event.target.matches("input")) event.target.blur();
  });
  element.addEventListener("click", (event) => {
    const node = event.target.closest("[data-remove]")?.closest("[data-item^='marker:']");
    if (!node) return;
    keep(idOf(node), { remove: 1 });
    words.drop(node.dataset.item);
  });
  element.querySelector("[data-mark]")?.addEventListener("click", () => put());
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const which = event.key.toLowerCase();
    if (which !== "m" && which !== "n") return;
    event.preventDefault();
    const node = put();
    if (which === "n") node.querySelector("input").focus();
  };
  if (element.querySelector("[data-mark]")) addEventListener("keydown", key);

  return {
    show,
    wentOn: () => put({ kind: "break" }),
    settle: (answer) => answer.marker && show(answer.marker),
    end: () => removeEventListener("keydown", key),
  };
}
