// Puts rows of the server into the document by small steps outside the undo history, so that caret, selection and undo stay.
import { TextSelection } from "prosemirror-state";
import { joinSegments } from "./commands.js";
import { difference, widened } from "./protocol/derive.js";
import { spans, trailingBlanks } from "./protocol/text.js";
import { eachSegment, rowsOf, schema, segmentNode, SegmentStep } from "./schema.js";

function locate(doc, ids) {
  const found = new Map();
  eachSegment(doc, (node, pos) => {
    if (ids.has(node.attrs.id)) found.set(node.attrs.id, { node, pos });
    return found.size < ids.size;
  });
  return found;
}

const at = (doc, id) => locate(doc, new Set([id])).get(id);

// Does something at a position. A caret there stays, so that what arrives doesn't come between it and what was typed last.
function keepingCaretAt(tr, pos, act) {
  const isThere = tr.selection.empty && tr.selection.head === pos;
  act();
  if (isThere) tr.setSelection(TextSelection.create(tr.doc, pos));
}

// A merged segment is joined by steps, so that a caret in it stays in its word.
function joinKeepingCaret(tr, before, own) {
  const { anchor, head } = tr.selection;
  const start = own.pos + 1;
  const isInside = [anchor, head].every((pos) => pos >= start && pos <= start + own.node.content.size);
  let joined = 0;
  keepingCaretAt(tr, before.pos + before.node.nodeSize - 1, () => { joined = joinSegments(tr, before, own); });
  if (isInside) tr.setSelection(TextSelection.create(tr.doc, joined + anchor - start, joined + head - start));
}

function takeAway(tr, { have, had, first, stays }, mergedInto) {
  for (let index = had.length - 1; index >= 0; index--) {
    const { id } = had[index];
    if (stays.has(id)) continue;
    const own = at(tr.doc, id);
    const before = have[first + index - 1];
    if (before && own.node.content.size && mergedInto(id)) joinKeepingCaret(tr, at(tr.doc, before.id), own);
    else tr.delete(own.pos, own.pos + own.node.nodeSize);
  }
}

// A row whose words are at the end of the one before it is split off, others are inserted.
function bring(tr, row, before) {
  if (!before) return tr.insert(1, segmentNode(row));
  const { node, pos } = at(tr.doc, before.id);
  const cut = node.textContent.length - row.text.length;
  const isSplit = row.text && cut > 0 && node.textContent.endsWith(row.text) && !before.text.endsWith(row.text);
  if (!isSplit) return tr.insert(pos + node.nodeSize, segmentNode(row));
  const blanks = trailingBlanks(node.textContent.slice(0, cut));
  const place = pos + 1 + cut - blanks;
  return keepingCaretAt(tr, place, () => {
    if (blanks) tr.delete(place, place + blanks);
    tr.split(place, 1, [{ type: schema.nodes.segment, attrs: { id: row.id, speaker: row.speaker } }]);
  });
}

function bringAll(tr, { target, wanted, first, stays }) {
  wanted.forEach((row, index) => { if (!stays.has(row.id)) bring(tr, row, target[first + index - 1]); });
}

// The last first: the positions of those before stay valid.
function updateTexts(tr, wanted) {
  const found = locate(tr.doc, new Set(wanted.map((row) => row.id)));
  for (const row of wanted.slice().reverse()) {
    const { node, pos } = found.get(row.id);
    if (node.attrs.speaker !== row.speaker) tr.step(new SegmentStep(pos, row.id, "speaker", row.speaker));
    for (const [from, to, inserted] of spans(node.textContent, row.text).reverse()) {
      keepingCaretAt(tr, pos + 1 + from, () => {
        if (inserted) tr.replaceWith(pos + 1 + from, pos + 1 + to, schema.text(inserted));
        else tr.delete(pos + 1 + from, pos + 1 + to);
      });
    }
  }
}

// Returns the transaction that makes the document show these rows, or null. `mergedInto(id)` says into which row one was merged.
export function transactionTo(state, target, mergedInto = () => null) {
  const found = difference(rowsOf(state.doc), target);
  if (!found) return null;
  const change = widened(found);
  const { tr } = state;
  takeAway(tr, change, mergedInto);
  bringAll(tr, change);
  updateTexts(tr, change.wanted);
  return tr.docChanged ? tr.setMeta("addToHistory", false).setMeta("remote", true) : null;
}
