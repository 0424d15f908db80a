// A form that sends a file: says that it is being read while it is on its way, and is not sent twice.

export function fileForm(form) {
  const status = form.querySelector("[data-file-form-status]");
  const button = form.querySelector("[type=submit]");

  const show = (isBusy) => {
    form.setAttribute("aria-busy", String(isBusy));
    button.setAttribute("aria-disabled", String(isBusy));
    status.textContent = isBusy ? form.dataset.busy : "";
  };
  const send = (event) => {
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    else show(true);
  };
  // A page that the browser kept for its back button is shown as it was left.
  const restore = () => show(false);

  form.addEventListener("submit", send);
  addEventListener("pageshow", restore);
  return () => removeEventListener("pageshow", restore);
}
