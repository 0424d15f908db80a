// Random edits of a page, as people make them: typing, splitting, merging, deleting over parts, pasting, undoing.
import { Fragment, Slice } from "prosemirror-model";
import { put, renew } from "../../../static/js/editor/clipboard.js";
import { clear, mergeAfter, mergeBefore, remove, split, type } from "../../../static/js/editor/commands.js";
import { schema, SegmentStep } from "../../../static/js/editor/schema.js";
import { tickOf } from "../../../static/js/review/ticks.js";
import { segments } from "./support.mjs";

const WORDS = ["river", "dam", "the", "of", "said", "we", "budget", "on"];

export function randomRows({ below, pick }) {
  return Array.from({ length: pick([3, 30, 100, 170]) }, (_, at) => {
    const text = Array.from({ length: below(9) }, () => pick(WORDS)).join(" ");
    return { id: `s${at}`, speaker: String((at % 3) + 1), start_ms: at * 4000, end_ms: at * 4000 + 4000, text, language: "en" };
  });
}

// The end of the word at an offset, so that what is typed divides no other word.
const wordEnd = (text, offset) => offset + /^\S*/.exec(text.slice(offset))[0].length;

// Returns what makes random edits on a page. Each of `typed` is a word that no one else types.
export function createWriter(page, { below, pick }, typed = []) {
  const size = () => segments(page.state.doc).length;
  const nodeAt = (index) => segments(page.state.doc)[index].node;
  // Half of the edits are in the same four segments, and many at the edge of a part.
  const anywhere = () => Math.min(size() - 1, pick([below(4), below(size()), below(size()), pick([39, 40, 79, 80])]));
  const word = () => {
    typed.push(`${page.client}x${typed.length}y`);
    return typed.at(-1);
  };
  const caretAnywhere = () => {
    const index = anywhere();
    page.caret(index, below(nodeAt(index).content.size + 1));
  };
  const select = (from, to) => page.dispatch(page.state.tr.setSelection(page.state.selection.constructor.create(page.state.doc, Math.min(from, to), Math.max(from, to))));
  const place = () => {
    const { pos, node } = segments(page.state.doc)[anywhere()];
    return pos + 1 + below(node.content.size + 1);
  };

  const edits = {
    type() {
      const index = anywhere();
      const text = nodeAt(index).textContent;
      const offset = wordEnd(text, below(text.length + 1));
      page.caret(index, offset);
      page.type(`${offset ? " " : ""}${word()} `);
    },
    split() {
      const index = anywhere();
      const text = nodeAt(index).textContent;
      page.caret(index, wordEnd(text, below(text.length + 1)));
      page.run(split);
    },
    mergeBefore() { page.caret(anywhere(), 0); page.run(mergeBefore); },
    mergeAfter() { page.caret(anywhere(), -1); page.run(mergeAfter); },
    speaker() {
      const { pos, node } = segments(page.state.doc)[anywhere()];
      page.dispatch(page.state.tr.step(new SegmentStep(pos, node.attrs.id, "speaker", pick(["1", "2", "3"]))));
    },
    paste() {
      const index = anywhere();
      page.caret(index, -1);
      const nodes = Array.from({ length: pick([1, 2, 3, 60]) }, () => schema.nodes.segment.create({ id: "s1" }, schema.text(` ${word()} `)));
      page.dispatch(put(page.state.tr, renew(new Slice(Fragment.from(nodes), 1, 1))));
    },
    deleteRange() { select(place(), place()); page.run(remove); },
    typeOver() { select(place(), place()); page.dispatch(type(page.state, "z")); },
    cutWord() { caretAnywhere(); const { $head } = page.state.selection; select($head.pos, $head.start() + wordEnd($head.parent.textContent, $head.parentOffset)); page.run(remove); },
    drag() {
      select(place(), place());
      const slice = renew(page.state.selection.content());
      const tr = clear(page.state.tr);
      page.dispatch(put(tr, slice));
    },
    tick() {
      const node = nodeAt(anywhere());
      page.own.push([tickOf([{ id: node.attrs.id, text: node.textContent }], pick([true, true, false]))]);
    },
    undo: () => page.undo(),
    redo: () => page.redo(),
  };
  const adding = ["type", "type", "split", "mergeBefore", "mergeAfter", "speaker", "paste", "tick"];
  const all = [...Object.keys(edits), "type", "type", "undo"];
  return { edit: ({ isAdding = false } = {}) => edits[pick(isAdding ? adding : all)]() };
}
