// A small dialog at a place in the text. It closes on Escape and on a press outside of it.
import { make } from "./dom.js";

const GAP_PX = 6;
const EDGE_PX = 8;

// `within` is what it stays beside the edges of, if not the window.
export function createPopover(root, { label, onClose = () => {}, within = null }) {
  const element = make("div", { className: "popover", role: "dialog", "aria-label": label, hidden: true });
  root.append(element);
  let anchored = null;

  function close({ isLeft = false } = {}) {
    if (element.hidden) return;
    element.hidden = true;
    element.replaceChildren();
    if (!isLeft) onClose();
  }

  // Below its anchor, above it where there is no room.
  function place(anchor = anchored) {
    if (element.hidden) return;
    anchored = anchor;
    const box = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = element;
    const hasRoom = box.bottom + GAP_PX + height < innerHeight - EDGE_PX;
    const top = hasRoom ? box.bottom + GAP_PX : Math.max(EDGE_PX, box.top - GAP_PX - height);
    const left = Math.max(EDGE_PX, Math.min(box.left, (within?.getBoundingClientRect().right ?? innerWidth) - width - EDGE_PX));
    Object.assign(element.style, { top: `${top}px`, left: `${left}px` });
  }

  function keyed(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }

  const pressed = (event) => !element.contains(event.target) && close({ isLeft: true });
  element.addEventListener("keydown", keyed);
  document.addEventListener("pointerdown", pressed);

  return {
    element,
    close,
    // Follows its anchor after that moved.
    place: () => place(),
    open: (anchor, ...children) => {
      element.replaceChildren(...children);
      element.hidden = false;
      place(anchor);
      (element.querySelector("[data-focus]") ?? element.querySelector("input, button, select"))?.focus({ preventScroll: true });
    },
    end: () => {
      document.removeEventListener("pointerdown", pressed);
      element.remove();
    },
  };
}
