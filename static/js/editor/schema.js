// The document: parts of about forty segments, so that a browser lays out only the parts in view. Only what can be undone here
// is an attribute; times, revisions and words are in the rows beside it, because a changed attribute redraws its segment.
import { Schema } from "prosemirror-model";
import { AttrStep, StepResult } from "prosemirror-transform";

export const PART_SIZE = 40;
export const LARGEST_PART = 80;
const ID_LENGTH = 12;

export const schema = new Schema({
  nodes: {
    doc: { content: "part+" },
    // Not `segment+`: a step that empties a part must not fail. The parts plugin removes empty ones afterwards.
    part: { content: "segment*", parseDOM: [{ tag: "div.part" }], toDOM: () => ["div", { class: "part" }, 0] },
    segment: {
      content: "text*",
      marks: "",
      defining: false,
      attrs: { id: { default: null }, speaker: { default: "" } },
      parseDOM: [
        { tag: "section.seg", contentElement: "p", getAttrs: ({ dataset }) => ({ id: dataset.id, speaker: dataset.speaker || "" }) },
        { tag: "header", ignore: true },
        { tag: "p", getAttrs: ({ dataset }) => ({ speaker: dataset.speaker || "" }) },
      ],
      // As it is copied; the page draws it in segment_view.js.
      toDOM: ({ attrs }) => ["p", { "data-speaker": attrs.speaker }, 0],
    },
    text: {},
  },
});

// Returns a new random key of a segment or a speaker.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}

export const segmentNode = ({ id, speaker, text }) => schema.nodes.segment.create({ id, speaker }, text ? schema.text(text) : null);

export function documentOf(rows) {
  const parts = [];
  for (let at = 0; at < rows.length || !at; at += PART_SIZE) {
    parts.push(schema.nodes.part.create(null, rows.slice(at, at + PART_SIZE).map(segmentNode)));
  }
  return schema.nodes.doc.create(null, parts);
}

// A node that didn't change gives the same row, so that most comparisons are of identities.
const known = new WeakMap();

export function rowOf(node) {
  if (!known.has(node)) known.set(node, { id: node.attrs.id, speaker: node.attrs.speaker, text: node.textContent });
  return known.get(node);
}

// Calls `visit(segment, position)` for each segment, until it returns false.
export function eachSegment(doc, visit) {
  let isDone = false;
  doc.forEach((part, start) => {
    let at = start + 1;
    for (let index = 0; index < part.childCount && !isDone; index++) {
      const node = part.child(index);
      isDone = visit(node, at) === false;
      at += node.nodeSize;
    }
  });
}

export function rowsOf(doc) {
  const rows = [];
  eachSegment(doc, (node) => { rows.push(rowOf(node)); });
  return rows;
}

// Returns { node, pos } of a segment, or null.
export function findSegment(doc, id) {
  let found = null;
  eachSegment(doc, (node, pos) => {
    if (node.attrs.id === id) found = { node, pos };
    return !found;
  });
  return found;
}

// A change of an attribute that knows its segment: undone after someone removed the segment, it fails quietly, while
// `AttrStep` would throw or change another one.
export class SegmentStep extends AttrStep {
  constructor(pos, id, attr, value) {
    super(pos, attr, value);
    this.id = id;
  }

  apply(doc) {
    const node = this.pos < doc.content.size ? doc.nodeAt(this.pos) : null;
    return node?.type === schema.nodes.segment && node.attrs.id === this.id ? super.apply(doc) : StepResult.fail("The segment is gone");
  }

  invert(doc) {
    const id = this.attr === "id" ? this.value : this.id;
    return new SegmentStep(this.pos, id, this.attr, doc.nodeAt(this.pos).attrs[this.attr]);
  }

  map(mapping) {
    const mapped = mapping.mapResult(this.pos, 1);
    return mapped.deletedAfter ? null : new SegmentStep(mapped.pos, this.id, this.attr, this.value);
  }
}
