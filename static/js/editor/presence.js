// Who else is here: their carets in the text and the segments they are in, and what this page tells them of its own.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { toPoints, toUnits } from "./protocol/text.js";
import { findSegment } from "./schema.js";

const THROTTLE_MS = 250;
const VOICES = 4;
const SEGMENT_DEPTH = 2;
const key = new PluginKey("presence");

function caret({ name, colour }) {
  const element = document.createElement("span");
  element.className = `caret voice-${colour}`;
  element.dataset.name = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}

function decorationsOf(doc, people) {
  const found = [];
  for (const [page, one] of people) {
    const place = one.segment && findSegment(doc, one.segment);
    if (!place) continue;
    const { node, pos } = place;
    const [anchor, head] = [one.anchor, one.head].map((points) => pos + 1 + toUnits(node.textContent, points ?? 0));
    found.push(Decoration.node(pos, pos + node.nodeSize, { "data-with": one.editing ? `${one.name} is editing` : one.name }));
    found.push(Decoration.widget(head, () => caret(one), { key: `${page}:${one.name}`, side: 1, ignoreSelection: true }));
    if (anchor !== head) found.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), { class: `selected voice-${one.colour}` }));
  }
  return DecorationSet.create(doc, found);
}

// Whether a transaction draws the carets of others anew. A caret divides the text it is in, so ranges of the page collapse there.
export const movesOthers = (tr) => Boolean(tr.getMeta(key));

export const presencePlugin = () => new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply: (tr, decorations) => tr.getMeta(key) ?? decorations.map(tr.mapping, tr.doc),
  },
  props: { decorations(state) { return key.getState(state); } },
});

// Returns where the selection is, for others: in the segment of its head, in code points.
export function placeOf({ selection: { $head, $anchor } }) {
  if ($head.depth < SEGMENT_DEPTH) return null;
  const text = $head.parent.textContent;
  const inSegment = $anchor.sameParent($head) ? $anchor.parentOffset : $anchor.pos < $head.pos ? 0 : text.length;
  return { segment: $head.parent.attrs.id, anchor: toPoints(text, inSegment), head: toPoints(text, $head.parentOffset) };
}

// `say(message)` sends to the others, `onPeople(list)` gets everyone who is here.
export function createPresence({ view, say, onPeople = () => {} }) {
  const people = new Map();
  let timer = 0;
  let told = "";
  let wasInText = false;

  function show() {
    view.dispatch(view.state.tr.setMeta(key, decorationsOf(view.state.doc, people)));
    onPeople([...people].map(([page, one]) => ({ page, ...one })));
  }

  function tell() {
    timer = 0;
    // Who has not been in the text yet is nowhere in it
    wasInText ||= view.hasFocus();
    const message = { type: "here", ...(wasInText ? placeOf(view.state) : null), editing: view.editable && view.hasFocus() };
    const text = JSON.stringify(message);
    if (text !== told && say(message)) told = text;
  }

  function moved() { timer ||= setTimeout(tell, THROTTLE_MS); }

  return {
    receive: ({ type, page, ...one }) => {
      // Someone who came doesn't know where this page is.
      if (type === "here" && !people.has(page)) told = "";
      if (type === "left") people.delete(page);
      else people.set(page, { ...people.get(page), ...one, colour: people.get(page)?.colour ?? people.size % VOICES + 1 });
      show();
      if (!told) moved();
    },
    // The selection moved, or the focus.
    moved,
    // After a reconnect everyone tells where they are again.
    reconnected: () => {
      people.clear();
      told = "";
      show();
      tell();
    },
    end: () => clearTimeout(timer),
  };
}
