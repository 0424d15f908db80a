// Binds behaviour to elements by `data-module`, again after each swap, and lets it go when the element goes.
import htmx from "htmx.org";

const makers = new Map();
const bound = new WeakMap();

export function define(name, make) {
  makers.set(name, make);
}

function bind(element) {
  if (bound.has(element)) return;
  const make = makers.get(element.dataset.module);
  if (make) bound.set(element, make(element) ?? null);
}

function release(element) {
  bound.get(element)?.();
  bound.delete(element);
}

export function bindAll(root) {
  if (root.matches?.("[data-module]")) bind(root);
  for (const element of root.querySelectorAll("[data-module]")) bind(element);
}

export function start() {
  htmx.onLoad(bindAll);
  document.body.addEventListener("htmx:beforeCleanupElement", (event) => release(event.target));
}
