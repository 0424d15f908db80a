// Binds behaviour to elements by `data-module`, again after each swap, and releases it when the element is removed.
import htmx from "htmx.org";

const factories = new Map();
const bound = new WeakMap();

export function define(name, factory) {
  factories.set(name, factory);
}

function bind(element) {
  if (bound.has(element)) return;
  const factory = factories.get(element.dataset.module);
  if (factory) bound.set(element, factory(element) ?? null);
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
