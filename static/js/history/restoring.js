// Restores what the text was after an earlier change, once the person has confirmed it. It is an edit like any other.
import { csrf } from "../requests.js";
import { pageId } from "./page_id.js";

const SEGMENT = "This segment says again what it said then. You can undo this.";
const ALL = "The whole transcript will be as it was after this change. Later edits stay in the history, and you can undo this.";

// Returns the operation that restores a segment, or everything without one.
export const restoration = (to, segment) => ({ op: "restore", to, ids: segment ? [segment] : null });

// Resolves to whether the person confirms.
export function confirmRestoration(dialog, segment) {
  dialog.querySelector("[data-restore-text]").textContent = segment ? SEGMENT : ALL;
  return new Promise((resolve) => {
    const decided = ({ target }) => {
      const button = target.closest("[data-confirm], [data-cancel]");
      if (button) dialog.close("confirm" in button.dataset ? "yes" : "");
    };
    dialog.addEventListener("click", decided);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("click", decided);
      resolve(dialog.returnValue === "yes");
    }, { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });
}

// Sends operations without an editor. Resolves to what went wrong, empty if nothing did.
export async function sendOperations(url, change, ops, send = fetch) {
  const body = JSON.stringify({ client: pageId(), n: 1, seq: change, direction: "", ops });
  try {
    const response = await send(url, { method: "POST", headers: { "X-CSRFToken": csrf(), "Content-Type": "application/json" }, body });
    if (response.ok && !response.redirected) return "";
    return (await response.json().catch(() => ({}))).detail ?? "The version could not be restored. Reload the page and try again.";
  } catch {
    return "The server can’t be reached. Try again once you are online.";
  }
}
