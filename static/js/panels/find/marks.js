// Paints what was found. Ranges need no elements, so undo and the caret never notice.
import { rangeIn } from "../selection.js";

// The browser measures every range at each scroll: those nearest to the current one are enough.
const NEAREST = 300;
const TOP = 0.25;
const BOTTOM = 0.75;

// Parts out of sight have guessed heights: what is in view after the first scroll is measured, and scrolled to again.
export function reveal(editor, { id, from, to }, tries = 2) {
  const range = rangeIn(editor, id, from, to);
  const section = range?.startContainer.parentElement?.closest(".seg");
  if (!section) return;
  const box = range.getBoundingClientRect();
  const isShown = box.height && box.top > innerHeight * TOP && box.bottom < innerHeight * BOTTOM;
  if (!isShown) section.scrollIntoView({ block: "center", behavior: "instant" });
  if (!isShown && tries > 1) requestAnimationFrame(() => section.scrollIntoView({ block: "center", behavior: "instant" }));
}

export function createMarks(editor) {
  if (!globalThis.CSS?.highlights) return { paint() {}, reveal() {}, clear() {} };
  const [all, current] = [new Highlight(), new Highlight()];
  all.priority = 2;
  current.priority = 3;
  CSS.highlights.set("found", all);
  CSS.highlights.set("found-now", current);

  function clear() {
    all.clear();
    current.clear();
  }

  return {
    clear,
    paint: (matches, at) => {
      clear();
      const first = Math.max(0, at - NEAREST / 2);
      matches.slice(first, first + NEAREST).forEach(({ id, from, to }, index) => {
        const range = rangeIn(editor, id, from, to);
        if (range) (first + index === at ? current : all).add(range);
      });
    },
    reveal: (match) => reveal(editor, match),
  };
}
