// Notices disappear after a while, unless they are being used. One that can be undone gets the focus, stays for longer,
// and is undone by Z.
import { isTyping } from "./hotkeys.js";

const SHOWN_MS = 9_000;
const UNDO_MS = 60_000;

const scheduled = new WeakSet();

const undoOf = (root) => root.querySelector("[data-notice] [data-undo]");

function leave(notice, ms) {
  if (notice.matches(":hover, :focus-within")) setTimeout(() => leave(notice, ms), ms);
  else notice.remove();
}

function schedule() {
  for (const notice of document.querySelectorAll("[data-notice]")) {
    if (scheduled.has(notice)) continue;
    scheduled.add(notice);
    const undo = undoOf(notice.parentElement);
    const ms = undo && notice.contains(undo) ? UNDO_MS : SHOWN_MS;
    setTimeout(() => leave(notice, ms), ms);
    // After the page itself has had the focus.
    if (ms === UNDO_MS) setTimeout(() => undo.focus());
  }
}

function dismiss(button) {
  button.closest("[data-notice]").remove();
  document.getElementById("page")?.focus({ preventScroll: true });
}

export function watchNotices() {
  schedule();
  document.body.addEventListener("htmx:afterSettle", schedule);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-notice] [data-dismiss]");
    if (button) dismiss(button);
  });
  document.addEventListener("keydown", (event) => {
    const undo = undoOf(document);
    if (!undo || event.key.toLowerCase() !== "z" || event.altKey || event.shiftKey || isTyping(event.target)) return;
    event.preventDefault();
    undo.click();
  });
}
