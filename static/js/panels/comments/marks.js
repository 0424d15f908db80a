// Where comments are in the text: words are underlined, and a button beside the segment says how many there are. A range needs no
// element, so undo and the caret never notice.
import { rangeIn } from "../selection.js";
import { placeIn, placesOf } from "./threads.js";

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

  function rangesOf(thread) {
    return placesOf(thread).flatMap((part) => {
      const place = placeIn(editor.textOf(part.segment), part);
      return (place && rangeIn(editor, part.segment, place.from, place.to)) ?? [];
    });
  }

  return {
    // Marks the threads, and `current` more than the others.
    draw: (threads, current) => {
      const counts = new Map();
      marks.forEach((mark) => mark.clear());
      for (const thread of threads) {
        for (const segment of new Set(placesOf(thread).map((part) => part.segment))) counts.set(segment, (counts.get(segment) ?? 0) + 1);
      }
      editor.markComments(counts);
      for (const thread of threads.slice(0, MOST)) {
        for (const range of rangesOf(thread)) {
          markOf(nameOf(thread), 1)?.add(range);
          if (thread.id === current) markOf("comment-now", 5)?.add(range);
        }
      }
    },
    end: () => marks.forEach((_, name) => CSS.highlights.delete(name)),
  };
}
