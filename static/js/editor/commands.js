// What keys do to the text. Across parts text is moved instead of joining the parts: the other segments aren't redrawn.
import { closeHistory } from "prosemirror-history";
import { TextSelection } from "prosemirror-state";
import { gapBetween, leadingBlanks } from "./protocol/text.js";
import { newId, schema } from "./schema.js";

const FORWARD = 1;
const BACKWARD = -1;
// The place of the text in the path from the document to it: document, part, segment.
const SEGMENT_DEPTH = 2;

// Returns the caret if it is at the edge of its segment.
function caretAtEdge({ selection: { $cursor } }, direction) {
  if ($cursor?.parent.type !== schema.nodes.segment) return null;
  const edge = direction === BACKWARD ? 0 : $cursor.parent.content.size;
  return $cursor.parentOffset === edge ? $cursor : null;
}

// Returns { node, pos } of the segment before or after, also in another part.
function neighbour(doc, $pos, direction) {
  const beside = direction === BACKWARD ? $pos.before(SEGMENT_DEPTH) : $pos.after(SEGMENT_DEPTH);
  const inPart = direction === BACKWARD ? doc.resolve(beside).nodeBefore : doc.resolve(beside).nodeAfter;
  if (inPart) return { node: inPart, pos: direction === BACKWARD ? beside - inPart.nodeSize : beside };
  let edge = direction === BACKWARD ? $pos.before(1) : $pos.after(1);
  for (let index = $pos.index(0) + direction; index >= 0 && index < doc.childCount; index += direction) {
    const part = doc.child(index);
    const node = direction === BACKWARD ? part.lastChild : part.firstChild;
    if (node) return { node, pos: direction === BACKWARD ? edge - 1 - node.nodeSize : edge + 1 };
    edge += direction * part.nodeSize;
  }
  return null;
}

// Joins the second segment onto the first, and returns where its text begins.
export function joinSegments(tr, first, second) {
  const end = first.pos + first.node.nodeSize - 1;
  const gap = gapBetween(first.node.textContent, second.node.textContent);
  if (tr.doc.resolve(first.pos).before(1) === tr.doc.resolve(second.pos).before(1)) {
    tr.delete(end, second.pos + 1);
    if (gap) tr.insert(end, schema.text(gap));
  } else {
    tr.delete(second.pos, second.pos + second.node.nodeSize);
    if (gap + second.node.textContent) tr.insert(end, schema.text(gap + second.node.textContent));
  }
  return end + gap.length;
}

const merge = (direction) => (state, dispatch) => {
  const $caret = caretAtEdge(state, direction);
  if (!$caret) return false;
  const other = neighbour(state.doc, $caret, direction);
  if (!other || !dispatch) return true;
  const own = { node: $caret.parent, pos: $caret.before(SEGMENT_DEPTH) };
  const [first, second] = direction === BACKWARD ? [other, own] : [own, other];
  const tr = closeHistory(state.tr);
  if (first.node.content.size) {
    const start = joinSegments(tr, first, second);
    tr.setSelection(TextSelection.create(tr.doc, direction === BACKWARD ? start : $caret.pos));
  } else {
    // An empty segment goes, and the other one keeps its speaker.
    tr.delete(first.pos, first.pos + first.node.nodeSize);
    tr.setSelection(TextSelection.create(tr.doc, tr.mapping.map(second.pos + 1)));
  }
  dispatch(tr.scrollIntoView());
  return true;
};

export const mergeBefore = merge(BACKWARD);
export const mergeAfter = merge(FORWARD);

export function split(state, dispatch) {
  const tr = clear(closeHistory(state.tr));
  const { $from } = tr.selection;
  if ($from.depth < SEGMENT_DEPTH || !dispatch) return true;
  const attrs = { id: newId(), speaker: $from.parent.attrs.speaker };
  if (!$from.parentOffset && $from.parent.content.size) {
    // At the start the empty segment is the new one: the words keep their id, under which others edit them.
    tr.insert($from.before(SEGMENT_DEPTH), schema.nodes.segment.create(attrs));
  } else {
    const blanks = leadingBlanks($from.parent.textContent.slice($from.parentOffset));
    if (blanks) tr.delete($from.pos, $from.pos + blanks);
    tr.split($from.pos, 1, [{ type: schema.nodes.segment, attrs }]);
  }
  dispatch(tr.scrollIntoView());
  return true;
}

// Deletes the selection. The segment in which it begins gets what remains of the one in which it ends.
export function clear(tr) {
  const { from, $from, $to, empty } = tr.selection;
  if (empty) return tr;
  if ($from.depth < SEGMENT_DEPTH || $to.depth < SEGMENT_DEPTH || $from.sameParent($to)) return tr.deleteSelection();
  if ($from.before(1) === $to.before(1)) tr.delete($from.pos, $to.pos);
  else clearAcrossParts(tr, $from, $to);
  return tr.setSelection(TextSelection.create(tr.doc, from));
}

// From the end backwards, so that each position is still valid.
function clearAcrossParts(tr, $from, $to) {
  const rest = $to.parent.textContent.slice($to.parentOffset);
  tr.delete($to.start(1), $to.after(SEGMENT_DEPTH));
  if ($to.before(1) > $from.after(1)) tr.delete($from.after(1), $to.before(1));
  if ($from.end(1) > $from.after(SEGMENT_DEPTH)) tr.delete($from.after(SEGMENT_DEPTH), $from.end(1));
  if ($from.end() > $from.pos) tr.delete($from.pos, $from.end());
  if (rest) tr.insert($from.pos, schema.text(rest));
}

export function remove(state, dispatch) {
  if (state.selection.empty) return false;
  dispatch?.(clear(closeHistory(state.tr)).scrollIntoView());
  return true;
}

// Types over a selection of several segments, or into a transcript without segments.
export function type(state, text) {
  const tr = clear(closeHistory(state.tr));
  if (tr.selection.$from.depth >= SEGMENT_DEPTH) return tr.insertText(text);
  if (tr.doc.firstChild.childCount) return tr.setSelection(TextSelection.atEnd(tr.doc)).insertText(text);
  const node = schema.nodes.segment.create({ id: newId() }, schema.text(text));
  tr.insert(1, node);
  return tr.setSelection(TextSelection.create(tr.doc, SEGMENT_DEPTH + text.length));
}

// Chromium's own End and Select all stop at what is not laid out.
const toEdge = (direction, isExtending) => (state, dispatch) => {
  const edge = direction === BACKWARD ? TextSelection.atStart(state.doc) : TextSelection.atEnd(state.doc);
  const anchor = isExtending ? state.selection.anchor : edge.head;
  dispatch?.(state.tr.setSelection(TextSelection.between(state.doc.resolve(anchor), edge.$head)).scrollIntoView());
  return true;
};

export function selectAll(state, dispatch) {
  const [start, end] = [TextSelection.atStart(state.doc), TextSelection.atEnd(state.doc)];
  dispatch?.(state.tr.setSelection(TextSelection.between(start.$from, end.$to)));
  return true;
}

// The keys are shortcuts again, and Tab goes on from here.
function leave(state, dispatch, view) {
  const frame = view.dom.parentElement;
  frame.tabIndex = -1;
  frame.focus({ preventScroll: true });
  return true;
}

const either = (...commands) => (state, dispatch) => commands.some((command) => command(state, dispatch));

export const moveKeys = {
  "Mod-Home": toEdge(BACKWARD, false),
  "Mod-End": toEdge(FORWARD, false),
  "Shift-Mod-Home": toEdge(BACKWARD, true),
  "Shift-Mod-End": toEdge(FORWARD, true),
  "Mod-a": selectAll,
  Escape: leave,
};

export const editKeys = {
  Enter: split,
  "Shift-Enter": split,
  Backspace: either(remove, mergeBefore),
  "Mod-Backspace": either(remove, mergeBefore),
  Delete: either(remove, mergeAfter),
  "Mod-Delete": either(remove, mergeAfter),
};
