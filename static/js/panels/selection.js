// What is selected in the text: by segment, on the page and in the audio.
import { toPoints } from "../editor/protocol/text.js";
import { eachSegment, findSegment, rowOf } from "../editor/schema.js";

// Returns [{ id, speaker, text, from, to }] of the selection, in characters of each text. A caret is a piece without length.
export function selectedPieces({ doc, selection: { from, to } }) {
  const pieces = [];
  eachSegment(doc, (node, pos) => {
    const [start, end] = [pos + 1, pos + 1 + node.content.size];
    if (start > to) return false;
    const [first, last] = [Math.max(from, start), Math.min(to, end)];
    if (first < last || (first === last && (from === to || start === end))) pieces.push({ ...rowOf(node), from: first - start, to: last - start });
    return true;
  });
  return pieces;
}

// Returns { from, to } in ms: from the first selected word to the last, or null without a selection.
export function selectedSpan(editor) {
  const pieces = selectedPieces(editor.view.state);
  if (!pieces.length || editor.view.state.selection.empty) return null;
  const spans = pieces.map((piece) => spanOf(editor, piece)).filter(Boolean);
  return spans.length ? { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) } : null;
}

function spanOf(editor, { id, text, from, to }) {
  const [first, last] = [wordFrom(editor, id, text, from, to), wordBy(editor, id, from, to)];
  if (first && last) return { from: first.start, to: last.end };
  const row = editor.rows().find((one) => one.id === id);
  return row?.start_ms === undefined ? null : { from: row.start_ms, to: row.end_ms };
}

// At the end of a word its own end counts as inside, so the search begins behind the first character.
function wordFrom(editor, id, text, from, to) {
  for (let at = from + 1; at <= to; at++) {
    const word = editor.wordAt(id, at);
    if (word && word.offset + word.length > from) return word;
  }
  return null;
}

function wordBy(editor, id, from, to) {
  for (let at = to - 1; at >= from; at--) {
    const word = editor.wordAt(id, at);
    if (word && word.offset < to) return word;
  }
  return null;
}

// Returns a range of the page, or null if the text is shorter by now.
export function rangeIn({ view }, id, from, to) {
  const place = findSegment(view.state.doc, id);
  if (!place || to > place.node.content.size) return null;
  const [start, end] = [from, to].map((offset) => view.domAtPos(place.pos + 1 + offset));
  const range = new Range();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

// Inserts words at the caret, with spaces where they are needed; they replace what is selected in one segment.
export function insertAtCaret(editor, words) {
  const piece = selectedPieces(editor.view.state).at(-1);
  if (!piece) return false;
  const [before, after] = [piece.text.slice(0, piece.from), piece.text.slice(piece.to)];
  const text = `${before && !/\s$/u.test(before) ? " " : ""}${words}${after && !/^[\s,.;:!?]/u.test(after) ? " " : ""}`;
  editor.replace([{ id: piece.id, from: piece.from, to: piece.to, text }]);
  editor.select(piece.id, piece.from + text.length);
  editor.view.focus();
  return true;
}

// Returns the operations that give a selection to a speaker. A part of one segment becomes a segment of its own.
export function assignment(pieces, speaker, newId) {
  const [piece] = pieces;
  const isWhole = pieces.length > 1 || piece.from === piece.to || (!piece.text.slice(0, piece.from).trim() && !piece.text.slice(piece.to).trim());
  if (isWhole) return [{ op: "set_speaker", ids: pieces.map(({ id }) => id), speaker }];
  return partAssigned(piece, speaker, newId);
}

function partAssigned({ id, text, from, to, speaker: own }, speaker, newId) {
  const ops = [];
  let was = text;
  if (text.slice(to).trim()) {
    ops.push({ op: "split", id, was, at: toPoints(was, to), new: newId(), speaker: own });
    was = text.slice(0, to).trimEnd();
  }
  if (!text.slice(0, from).trim()) return [...ops, { op: "set_speaker", ids: [id], speaker }];
  const added = newId();
  return [...ops, { op: "split", id, was, at: toPoints(was, from), new: added, speaker }, { op: "set_speaker", ids: [added], speaker }];
}

// Returns the speakers of the text in the order of their numbers. A digit names one by its place here.
export function speakersInOrder(editor) {
  const speaking = new Set(editor.rows().map(({ speaker }) => speaker));
  return editor.speakers().filter(({ id }) => speaking.has(id)).sort((one, other) => one.number - other.number);
}
