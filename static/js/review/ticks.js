// Segments that a person declared right: marked by a click, or by a key that leads to the next one.
import { selectedPieces } from "../panels/selection.js";

// Returns the operation that marks these rows as reviewed, or not. The server compares the texts: what others changed since is
// not what was declared right.
export const tickOf = (rows, on) =>
  ({ op: "tick", ids: rows.map(({ id }) => id), on, ...(on ? { texts: rows.map(({ text }) => text) } : {}) });

// `playedId()` returns the segment that is played now, or null. `tell(sentence)` says what was done.
export function createTicks({ editor, playedId, tell }) {
  let marked = null;

  const isInText = () => editor.view.hasFocus();

  // The segments that are meant: those of the selection, or the one that is played while no one is in the text.
  function meant() {
    const played = isInText() ? null : playedId();
    const ids = played ? [played] : selectedPieces(editor.view.state).map(({ id }) => id);
    const wanted = new Set(ids);
    return wanted.size ? editor.rows().filter(({ id }) => wanted.has(id)) : [];
  }

  function mark(rows, on) {
    const changed = rows.filter(({ reviewed }) => Boolean(reviewed) !== on);
    if (changed.length) editor.push(tickOf(changed, on));
    return changed.length;
  }

  // Shows which segment is next to someone whose focus is not in the text.
  function show(id) {
    marked?.removeAttribute("data-next");
    marked = isInText() ? null : editor.view.dom.querySelector(`[data-id="${CSS.escape(id)}"]`);
    marked?.setAttribute("data-next", "");
  }

  function reviewedAndNext() {
    const rows = meant();
    if (!rows.length) return;
    mark(rows, true);
    const all = editor.rows();
    const next = all[all.findIndex(({ id }) => id === rows.at(-1).id) + 1];
    tell(next ? "Reviewed." : "Reviewed. This was the last segment.");
    if (!next) return;
    editor.select(next.id);
    show(next.id);
  }

  function notReviewed() {
    if (mark(meant(), false)) tell("Marked as not reviewed.");
  }

  return {
    reviewedAndNext,
    notReviewed,
    toggle: (id) => {
      const row = editor.rows().find((one) => one.id === id);
      if (row) mark([row], !row.reviewed);
    },
  };
}
