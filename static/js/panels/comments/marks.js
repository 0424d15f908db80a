// Where comments are in the text: words are underlined, and a button beside the segment says how many there are. A range needs no
// element, so undo and the caret never notice.
import { rangeIn } from "../selection.js";
import { placeIn } from "./threads.js";

// The browser measures every range at each scroll.
const MOST = 400;
const COLOURS = ["yellow", "green", "blue", "pink"];
const nameOf = ({ kind, colour }) => (kind === "highlight" && COLOURS.includes(colour) ? `highlight-${colour}` : "comment");

export function createCommentMarks(editor) {
  const marks = new Map();

  function markOf(name, priority) {
    if (!globalThis.CSS?.highlights) return null;
    if (!marks.has(name)) {
      marks.set(name, Object.assign(new Highlight(), { priority }));
      CSS.highlights.set(name, marks.get(name));
    }
    return marks.get(name);
  }

  function rangeOf(thread) {
    const place = placeIn(editor.textOf(thread.segment), thread);
    return place && rangeIn(editor, thread.segment, place.from, place.to);
  }

  return {
    rangeOf,
    // Marks the threads, and `current` more than the others.
    draw: (threads, current) => {
      const counts = new Map();
      marks.forEach((mark) => mark.clear());
      for (const thread of threads) {
        if (!thread.segment) continue;
        counts.set(thread.segment, (counts.get(thread.segment) ?? 0) + 1);
      }
      editor.markComments(counts);
      for (const thread of threads.slice(0, MOST)) {
        const range = thread.segment ? rangeOf(thread) : null;
        if (range) markOf(nameOf(thread), 1)?.add(range);
        if (range && thread.id === current) markOf("comment-now", 5)?.add(range);
      }
    },
    end: () => marks.forEach((_, name) => CSS.highlights.delete(name)),
  };
}
