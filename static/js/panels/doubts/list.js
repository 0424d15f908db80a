// A list of thousands of which only what is in view is drawn. Each row has the same height.
import { button, make } from "../dom.js";
import { reasonOf, timeOf } from "./wording.js";

const ROW_PX = 66;
const SPARE = 6;

// `choose(item)` is called for the item that is pressed, `textOf(id)` returns what a segment says.
export function createDoubtList({ scroller, choose, textOf }) {
  const list = make("ol", { className: "doubts", role: "list" });
  let items = [];
  let current = null;
  let drawn = "";

  function row(item, at) {
    const isCurrent = item === current;
    const made = button("", () => choose(item), { className: "doubt", key: `doubt-${item.id}-${item.from}`, "aria-current": String(isCurrent) },
      make("b", { dir: "auto" }, item.text), make("span", { className: "num soft" }, timeOf(item)), make("span", { className: "small soft" }, reasonOf(item, textOf(item.id))));
    return make("li", { style: `top: ${at * ROW_PX}px`, "aria-setsize": items.length, "aria-posinset": at + 1 }, made);
  }

  function draw({ isForced = false } = {}) {
    const above = Math.max(0, scroller.scrollTop - list.offsetTop);
    const first = Math.max(0, Math.floor(above / ROW_PX) - SPARE);
    const last = Math.min(items.length, Math.ceil((above + scroller.clientHeight) / ROW_PX) + SPARE);
    const span = `${first} ${last}`;
    if (!isForced && span === drawn) return;
    drawn = span;
    const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    list.style.height = `${items.length * ROW_PX}px`;
    list.replaceChildren(...items.slice(first, last).map((item, at) => row(item, first + at)));
    if (key) ([...list.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key) ?? scroller).focus({ preventScroll: true });
  }

  const scrolled = () => draw();
  scroller.addEventListener("scroll", scrolled, { passive: true });
  const sizes = new ResizeObserver(scrolled);
  sizes.observe(scroller);

  return {
    element: list,
    show(found, chosen) {
      [items, current] = [found, chosen];
      draw({ isForced: true });
    },
    reveal(item) {
      const at = items.indexOf(item);
      if (at < 0) return;
      const top = list.offsetTop + at * ROW_PX;
      if (top < scroller.scrollTop || top + ROW_PX > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top - scroller.clientHeight / 3;
      draw();
    },
    end: () => sizes.disconnect(),
  };
}
