// Files dropped or pasted anywhere on a page.
import { offer } from "./upload_dialog.js";

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

// A dropped folder is an item that can't be read as a file.
function filesOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  return items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()).filter(Boolean);
}

// A page can take what is dropped for something else than uploads.
const takes = () => document.querySelector("[data-takes-drops]");

export function watchDrops(target) {
  // Entering a child leaves its parent: the target is hidden when the last element was left.
  let depth = 0;
  const show = (shown) => { target.hidden = !shown; };

  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    show(!takes());
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (!depth) show(false);
  });
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    depth = 0;
    show(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    const files = filesOf(event.dataTransfer);
    const taker = takes();
    if (taker) taker.dispatchEvent(new CustomEvent("verbatim:dropped", { detail: files }));
    else offer(files);
  });
  addEventListener("paste", (event) => offer([...(event.clipboardData?.files ?? [])]));
}
