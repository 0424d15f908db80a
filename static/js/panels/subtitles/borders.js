// Where one subtitle ends and the next begins, shown in the text. Widgets without text: neither the caret, nor undo, nor what is
// copied knows of them. They move with what is typed until the cues are cut anew.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { eachSegment } from "../../editor/schema.js";

function bar() {
  const element = document.createElement("span");
  element.className = "cue-border";
  element.setAttribute("aria-hidden", "true");
  return element;
}

const placeOf = ({ from }) => from;

export function createCueBorders() {
  const key = new PluginKey("cue-borders");
  let offsets = new Map();
  let view = null;

  function setOf(doc) {
    const found = [];
    eachSegment(doc, (node, pos) => {
      for (const at of offsets.get(node.attrs.id) ?? []) {
        if (at <= node.content.size) found.push(Decoration.widget(pos + 1 + at, bar, { side: -1, ignoreSelection: true, key: "cue" }));
      }
      return true;
    });
    return DecorationSet.create(doc, found);
  }

  const plugin = new Plugin({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, shown) => (tr.getMeta(key) ? setOf(tr.doc) : shown.map(tr.mapping, tr.doc)),
    },
    props: { decorations(state) { return key.getState(state); } },
    view: (mounted) => {
      view = mounted;
      return { destroy: () => { view = null; } };
    },
  });

  return {
    plugin,
    // Shows borders at these offsets of segments, by id. An input method that composes would lose its text: false is returned then.
    show(wanted) {
      if (!view || view.composing) return false;
      offsets = wanted;
      const [have, want] = [key.getState(view.state), setOf(view.state.doc)].map((set) => set.find().map(placeOf).join());
      if (have !== want) view.dispatch(view.state.tr.setMeta(key, true));
      return true;
    },
  };
}
