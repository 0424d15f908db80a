// Binds the editor to its page: reads the page's data, and says in words whether everything is saved.
import { createEditor } from "./editor.js";
import { createStore } from "./protocol/store.js";
import { createTransport } from "./protocol/transport.js";

const GONE = "You no longer have access to this transcript, so nothing you change here is saved. Ask a team owner for access.";

const plural = (count) => (count === 1 ? "1 change" : `${count} changes`);

// Returns what the page says about a state.
export function sentenceOf({ state, waiting, sentence }) {
  if (state === "saving") return "Saving …";
  if (state === "offline") return `Offline (${plural(waiting)} waiting)`;
  if (state === "refused") return sentence || `${plural(waiting)} could not be saved.`;
  return "Saved";
}

// The page stays as it is, for what is unsent may be read and copied; it says that nothing arrives any more.
function sayGone(root) {
  const line = document.createElement("p");
  line.className = "lacks";
  line.setAttribute("role", "alert");
  line.textContent = GONE;
  root.before(line);
}

// Mounts the editor in `root`. `options` are those of `createEditor`.
export function mountEditor(root, options = {}) {
  const data = JSON.parse(document.getElementById("transcript-data").textContent);
  const store = createStore(data.urls.edits);
  const transport = createTransport({ urls: data.urls, client: store.client, onGone: () => sayGone(root) });
  return createEditor({ root, data, store, transport, ...options });
}
