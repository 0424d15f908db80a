// The export dialog of a transcript. Its link opens the same choices as a page where there is no script; the form fetches
// its options and preview again whenever a choice changes.
import htmx from "htmx.org";

const isPlainClick = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

export function exportDialog(dialog) {
  const opener = dialog.previousElementSibling;
  const form = dialog.querySelector("[data-export-choices]");
  let isOpening = false;

  function open(event) {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    isOpening = true;
    // Always as the text is now: the preview shows the latest edits.
    htmx.trigger(form, "open");
  }

  function focusChosen() {
    if (isOpening) dialog.querySelector("input:checked")?.focus();
    isOpening = false;
  }

  opener.addEventListener("click", open);
  dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest("[data-close]")) && dialog.close());
  form.addEventListener("submit", () => dialog.close());
  form.addEventListener("htmx:afterSettle", focusChosen);
  return () => opener.removeEventListener("click", open);
}
