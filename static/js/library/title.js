// Renames a recording in place. The server answers with the new title, and the focus returns to the button.
import { createInlineEdit } from "../inline_edit.js";

// A title was sent: the answer replaces the form that had the focus.
let wasSubmitted = false;

export function title(element) {
  const form = element.querySelector("[data-rename-form]");
  if (!form) return;
  const opener = element.querySelector("[data-rename-open]");
  const edit = createInlineEdit({
    root: element,
    selector: "[data-module=title]",
    widget: {
      show: () => {
        form.hidden = false;
        form.elements.title.select();
      },
      hide: () => { form.hidden = true; },
      read: () => form.elements.title.value,
    },
    onEnd: () => {},
    savesOnEnter: false,
    savesOnBlur: false,
  });

  opener.addEventListener("click", () => edit.begin(element, { origin: opener }));
  element.querySelector("[data-rename-close]").addEventListener("click", () => edit.end(element, { isSaved: false, refocus: true }));
  form.addEventListener("submit", () => { wasSubmitted = true; });
  if (wasSubmitted) opener.focus();
  wasSubmitted = false;
  document.title = `${element.querySelector("h1").textContent} · Verbatim`;
}
