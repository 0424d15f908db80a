// Turns a title into a field and back. The server answers with the new title, and the focus is where it began.

// A title was sent: the answer takes the place of the form that had the focus.
let isSent = false;

export function rename(element) {
  const form = element.querySelector("[data-rename-form]");
  const opener = element.querySelector("[data-rename-open]");
  if (!form) return;

  const show = (editing) => {
    form.hidden = !editing;
    element.toggleAttribute("data-editing", editing);
    if (editing) form.elements.title.select();
    else opener.focus();
  };

  opener.addEventListener("click", () => show(true));
  element.querySelector("[data-rename-close]").addEventListener("click", () => show(false));
  form.addEventListener("submit", () => { isSent = true; });
  if (isSent) opener.focus();
  isSent = false;
  form.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  document.title = `${element.querySelector("h1").textContent} · Verbatim`;
}
