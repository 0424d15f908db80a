// Notices disappear after a while, unless they are being used. One that can be undone gets the focus and stays longer.

const SHOWN_MS = 9_000;
const UNDO_MS = 60_000;

const scheduled = new WeakSet();

function remove(notice, ms) {
  if (notice.matches(":hover, :focus-within")) setTimeout(() => remove(notice, ms), ms);
  else notice.remove();
}

function schedule() {
  for (const notice of document.querySelectorAll("[data-notice]")) {
    if (scheduled.has(notice)) continue;
    scheduled.add(notice);
    const undo = notice.querySelector("[data-undo]");
    const ms = undo ? UNDO_MS : SHOWN_MS;
    setTimeout(() => remove(notice, ms), ms);
    // After the page itself has had the focus.
    if (undo) setTimeout(() => undo.focus());
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
}
