// The article whose quotations are checked: a file that is dropped anywhere on the page is chosen and checked.

export function article(form) {
  const field = form.querySelector("input[type=file]");

  function take({ detail: files }) {
    if (!files.length) return;
    const chosen = new DataTransfer();
    chosen.items.add(files[0]);
    field.files = chosen.files;
    form.requestSubmit();
  }

  form.addEventListener("verbatim:dropped", take);
  field.addEventListener("change", () => field.files.length && form.requestSubmit());
  return () => form.removeEventListener("verbatim:dropped", take);
}
