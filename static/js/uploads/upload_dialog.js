// The dialog of upload options, on every page. The library's button opens it; files that are dropped while it is open, and
// those that are chosen in it, are sent as it says. Files that are dropped anywhere else are sent as the person remembered.
import htmx from "htmx.org";
import { chosenIn, remember, remembered } from "./options.js";

let opened = null;

const send = (files, options) => document.dispatchEvent(new CustomEvent("verbatim:files", { detail: { files, options } }));

// Sends files as the open dialog says, and closes it; else as the person remembered.
export function offer(files) {
  if (files.length) send(files, opened?.take() ?? remembered());
}

export function uploadDialog(dialog) {
  const input = dialog.querySelector("[data-picker-input]");
  let opener = null;

  function take() {
    const chosen = chosenIn(dialog);
    if (chosen && dialog.querySelector("[data-upload-remember]").checked) remember(chosen);
    dialog.close();
    return chosen;
  }

  async function open(button) {
    opener = button;
    opened = { take };
    dialog.showModal();
    // Always as the teams are now: folders come and go.
    await htmx.ajax("GET", dialog.dataset.href, { source: dialog, target: "#upload-form", swap: "outerHTML", select: "unset" });
    dialog.querySelector("#upload-language")?.focus();
  }

  const press = ({ target }) => {
    const button = target.closest?.("[data-upload-open]");
    if (button && !dialog.open) open(button);
  };
  const mark = ({ type, target }) => {
    const area = target.closest?.("[data-upload-drop]");
    if (area) area.classList.toggle("over", type === "dragover");
  };

  document.addEventListener("click", press);
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close], a[href]")) dialog.close();
    if (target.closest("[data-picker-open]")) input.click();
  });
  dialog.addEventListener("close", () => {
    opened = null;
    opener?.focus();
  });
  for (const name of ["dragover", "dragleave", "drop"]) dialog.addEventListener(name, mark);
  input.addEventListener("change", () => {
    offer([...input.files]);
    input.value = "";
  });
  return () => document.removeEventListener("click", press);
}
