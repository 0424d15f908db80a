// Files dropped or pasted anywhere on a page.
import { offer } from "./picker.js";

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

// A folder comes as an item that cannot be read as a file.
function filesOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  return items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()).filter(Boolean);
}

export function watchDrops(target) {
  // Entering a child leaves its parent: the last one out hides the target.
  let inside = 0;
  const show = (shown) => { target.hidden = !shown; };

  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    inside += 1;
    show(true);
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    inside = Math.max(0, inside - 1);
    if (!inside) show(false);
  });
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    inside = 0;
    show(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    offer(filesOf(event.dataTransfer));
  });
  addEventListener("paste", (event) => offer([...(event.clipboardData?.files ?? [])]));
}
