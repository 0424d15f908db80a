// Keeps the parts in order after each change: none is empty, none too long, and no two segments have one id.
//
// These are two plugins, because a plugin doesn't see its own appended transaction. What they do is part of the edit that made it
// necessary: undoing must find the places of its segments again. What rows of the server made necessary is in no history.
import { Plugin, TextSelection } from "prosemirror-state";
import { LARGEST_PART, newId, PART_SIZE, schema, SegmentStep } from "./schema.js";

const REMOTE = "remote";

// Returns the index of the first part that changed, and of the first of those at the end that didn't.
function changedParts(old, doc) {
  const most = Math.min(old.childCount, doc.childCount);
  let [from, kept] = [0, 0];
  while (from < most && old.child(from) === doc.child(from)) from++;
  while (kept < most - from && old.child(old.childCount - 1 - kept) === doc.child(doc.childCount - 1 - kept)) kept++;
  return [from, doc.childCount - kept];
}

function giveIds(tr, doc, [from, to]) {
  const ids = new Set();
  doc.forEach((part, start, index) => part.forEach((node, offset) => {
    const { id } = node.attrs;
    if (index >= from && index < to && (id === null || ids.has(id))) tr.step(new SegmentStep(start + 1 + offset, id, "id", newId()));
    ids.add(id);
  }));
}

function removeEmptyParts(tr, doc, isRemote) {
  const empty = [];
  doc.forEach((part, start) => { if (!part.childCount) empty.unshift(start); });
  if (empty.length === doc.childCount) {
    empty.pop();
    if (!isRemote) tr.insert(1, schema.nodes.segment.create({ id: newId() })).setSelection(TextSelection.create(tr.doc, 2));
  }
  for (const start of empty) tr.delete(tr.mapping.map(start), tr.mapping.map(start) + 2);
}

const marked = (tr, isRemote) => (isRemote ? tr.setMeta("addToHistory", false).setMeta(REMOTE, true) : tr);

export const tidy = () => new Plugin({
  appendTransaction(trs, old, { doc, tr }) {
    if (!trs.some((one) => one.docChanged)) return null;
    const isRemote = trs.some((one) => one.getMeta(REMOTE));
    giveIds(tr, doc, changedParts(old.doc, doc));
    removeEmptyParts(tr, doc, isRemote);
    return tr.docChanged ? marked(tr, isRemote) : null;
  },
});

export const cutParts = () => new Plugin({
  appendTransaction(trs, old, { doc, tr }) {
    const cuts = [];
    doc.forEach((part, start) => {
      if (part.childCount <= LARGEST_PART) return;
      part.forEach((_, offset, index) => {
        if (index && index % PART_SIZE === 0 && part.childCount - index >= PART_SIZE / 2) cuts.unshift(start + 1 + offset);
      });
    });
    for (const pos of cuts) tr.split(pos, 1);
    return cuts.length ? marked(tr, trs.some((one) => one.getMeta(REMOTE))) : null;
  },
});
