// Binds the editor to its page: reads the page's data, and says in words whether everything is saved.
import { createEditor } from "./editor.js";
import { createStore } from "./protocol/store.js";
import { createTransport } from "./protocol/transport.js";

const plural = (count) => (count === 1 ? "1 change" : `${count} changes`);

// Returns what the page says about a state.
export function sentenceOf({ state, waiting, sentence }) {
  if (state === "saving") return "Saving …";
  if (state === "offline") return `Offline (${plural(waiting)} waiting)`;
  if (state === "refused") return sentence || `${plural(waiting)} could not be saved.`;
  return "Saved";
}

// Mounts the editor in `root`. `options` are those of `createEditor`.
export function mountEditor(root, options = {}) {
  const data = JSON.parse(document.getElementById("transcript-data").textContent);
  const store = createStore(data.urls.edits);
  const transport = createTransport({ urls: data.urls, client: store.client });
  return createEditor({ root, data, store, transport, ...options });
}
