// The times of a segment: a dialog with its boundaries on the audio, and the boundary moved by a word.
import { list } from "../editor/protocol/placed_words.js";
import { toPoints } from "../editor/protocol/text.js";
import { newId } from "../editor/schema.js";
import { timeOperations } from "./boundary/boundaries.js";
import { createTimesForm } from "./boundary/form.js";
import { createPopover } from "./popover.js";

const isTouch = () => matchMedia("(pointer: coarse)").matches;

// Returns the operations that move the first word of a row to the row before it. The rest keeps its speaker.
export function firstWordBack({ id, text, speaker }) {
  const end = /^\s*\S+\s*/u.exec(text)?.[0].length ?? 0;
  if (!end || end >= text.length) return [];
  return [{ op: "split", id, was: text, at: toPoints(text, end), new: newId(), speaker }, { op: "merge", id }];
}

// Returns the operations that move the last word of the row before to the beginning of this one.
export function lastWordForward(before, { id, speaker }) {
  const start = before && /\s\S+\s*$/u.exec(before.text)?.index;
  if (!start) return [];
  const added = newId();
  return [
    { op: "split", id: before.id, was: before.text, at: toPoints(before.text, start + 1), new: added, speaker },
    { op: "set_speaker", ids: [added], speaker },
    { op: "merge", id },
  ];
}

// `clipUrl` has any part of the audio; the player comes later, by `usePlayer`.
export function createTimes({ editor, root, clipUrl }) {
  let form = null;
  let player = null;
  const popover = createPopover(root, { label: "Times of the segment", onClose: () => editor.view.focus() });
  const audio = {
    clipUrl,
    get durationMs() { return player?.durationMs ?? 0; },
    get lastMs() { return Math.max(0, ...editor.rows().map((row) => row.end_ms ?? 0)); },
    get isPlayable() { return player !== null; },
    play: (from, to) => player?.playSpan(from, to),
  };

  function rowAndNeighbours(id) {
    const rows = editor.rows();
    const at = rows.findIndex((row) => row.id === id);
    return [rows[at], { before: rows[at - 1], after: rows[at + 1] }];
  }

  // The words as the server placed them, in the text that it placed them in.
  function wordsOf(shown) {
    const row = shown && editor.row(shown.id);
    return row ? list(row.words).map((word) => ({ ...word, text: row.text.slice(word.offset, word.offset + word.length) })) : [];
  }

  function open(id, anchor) {
    const [row, neighbours] = rowAndNeighbours(id);
    if (!row) return;
    const words = { before: wordsOf(neighbours.before), own: wordsOf(row), after: wordsOf(neighbours.after) };
    form?.end();
    form = createTimesForm({ row, neighbours, words, audio, onSave: (asked) => save(row, asked), onWord: (isBack) => leave(wordOperations(id, isBack)) });
    popover.open(anchor, form.element);
    form.focus(isTouch());
  }

  function leave(ops) {
    if (ops.length) editor.push(...ops);
    popover.close();
  }

  // What others changed since the dialog was opened is left as it is.
  function save({ id, start_ms: wasStart, end_ms: wasEnd }, { times, dragged, shift }) {
    const [row, neighbours] = rowAndNeighbours(id);
    if (!row) return leave([]);
    const start = times.start === (wasStart ?? 0) ? row.start_ms ?? 0 : times.start;
    const end = times.end === (wasEnd ?? 0) ? row.end_ms ?? 0 : times.end;
    const ops = timeOperations(row, neighbours, { start, end }, dragged);
    if (ops.length) editor.push(...ops);
    return leave(shift ? [{ op: "shift_times", by_ms: shift }] : []);
  }

  function wordOperations(id, isBack) {
    const [row, { before }] = rowAndNeighbours(id);
    if (!row || !before) return [];
    return isBack ? firstWordBack(row) : lastWordForward(before, row);
  }

  // The boundary of the segment with the caret, by a word.
  function moveWord(id, isBack) {
    const ops = wordOperations(id, isBack);
    if (ops.length) editor.push(...ops);
  }

  function usePlayer(made) {
    player = made;
    player.subscribe((ms) => form?.follow(ms));
  }

  function end() {
    form?.end();
    popover.end();
  }

  return { open, moveWord, usePlayer, end };
}
