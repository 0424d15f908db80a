// Copy, paste and drop. What is copied is what one sees: the words, with speakers and times only if they are wanted.
import { closeHistory } from "prosemirror-history";
import { DOMSerializer, Fragment, Slice } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { clear } from "./commands.js";
import { newId, schema } from "./schema.js";

const { part: Part, segment: Segment } = schema.nodes;
const SEGMENT_DEPTH = 2;

// Returns the segments of a slice.
export function segmentsOf(slice) {
  const found = [];
  slice.content.forEach((node) => {
    if (node.type === Part) node.forEach((segment) => found.push(segment));
    else found.push(node.isText ? Segment.create(null, node) : node);
  });
  return found;
}

// Pasted segments are new ones; they keep their speakers.
function renewed(fragment) {
  const nodes = [];
  fragment.forEach((node) => {
    if (node.type === Segment) nodes.push(Segment.create({ id: newId(), speaker: node.attrs.speaker }, node.content));
    else nodes.push(node.isText ? node : node.copy(renewed(node.content)));
  });
  return Fragment.from(nodes);
}

export const renew = (slice) => new Slice(renewed(slice.content), slice.openStart, slice.openEnd);

// Puts a slice in place of the selection: its first segment into the one with the caret, the others behind it.
export function put(tr, slice) {
  const segments = segmentsOf(slice);
  clear(tr);
  const { $from } = tr.selection;
  if (!segments.length || $from.depth < SEGMENT_DEPTH) return tr;
  const [first, ...others] = segments;
  if (!others.length) return first.content.size ? tr.insertText(first.textContent, $from.pos) : tr;
  return putSeveral(tr, $from, first, others);
}

function putSeveral(tr, $from, first, others) {
  const rest = $from.parent.textContent.slice($from.parentOffset);
  const added = others.map(({ attrs, textContent }, index) => {
    const text = textContent + (index === others.length - 1 ? rest : "");
    return Segment.create({ id: newId(), speaker: attrs.speaker || $from.parent.attrs.speaker }, text ? schema.text(text) : null);
  });
  tr.insert($from.after(SEGMENT_DEPTH), added);
  if (rest) tr.delete($from.pos, $from.end());
  if (first.content.size) tr.insert($from.pos, first.content);
  const end = tr.doc.resolve($from.pos).after(SEGMENT_DEPTH) + added.reduce((size, node) => size + node.nodeSize, 0);
  return tr.setSelection(TextSelection.create(tr.doc, end - 1 - rest.length));
}

// Returns the text of a slice. `headOf(segment)` returns what is written above each of several segments, "" for nothing.
export function plainText(slice, headOf) {
  const segments = segmentsOf(slice);
  const head = (segment) => (segments.length > 1 && headOf(segment) ? `${headOf(segment)}\n` : "");
  return segments.map((segment) => head(segment) + segment.textContent).join("\n\n");
}

// As HTML the heads are in elements that pasting here leaves out.
function createSerializer(headOf) {
  const serializer = DOMSerializer.fromSchema(schema);
  const plain = serializer.serializeFragment.bind(serializer);
  serializer.serializeFragment = (fragment, options, target) => {
    const copied = plain(fragment, options, target);
    const segments = segmentsOf({ content: fragment });
    if (segments.length < 2 || !headOf(segments[0])) return copied;
    copied.querySelectorAll("p").forEach((paragraph, index) => {
      const head = document.createElement("header");
      head.textContent = headOf(segments[index]);
      paragraph.before(head);
    });
    return copied;
  };
  return serializer;
}

function drop(view, event, slice, isMoved) {
  const hit = view.posAtCoords({ left: event.clientX, top: event.clientY });
  const { from, to } = view.state.selection;
  if (!hit || (isMoved && hit.pos > from && hit.pos < to)) return true;
  const tr = closeHistory(view.state.tr);
  if (isMoved) clear(tr);
  const $pos = tr.doc.resolve(isMoved ? tr.mapping.map(hit.pos) : hit.pos);
  tr.setSelection($pos.depth < SEGMENT_DEPTH ? TextSelection.near($pos) : TextSelection.create(tr.doc, $pos.pos));
  view.focus();
  view.dispatch(put(tr, slice).setMeta("uiEvent", "drop"));
  return true;
}

// The properties of a view that deal with the clipboard.
export const clipboardProps = (headOf) => ({
  transformPasted: renew,
  clipboardTextSerializer: (slice) => plainText(slice, headOf),
  clipboardSerializer: createSerializer(headOf),
  handlePaste(view, event, slice) {
    view.dispatch(put(closeHistory(view.state.tr), slice).scrollIntoView().setMeta("paste", true).setMeta("uiEvent", "paste"));
    return true;
  },
  handleDrop: drop,
});
