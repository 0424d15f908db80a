// What stands between segments and is no part of the text: markers, gaps, conflicts. Each is a widget that is placed by its time,
// or after the segment it belongs to; it moves with the text and is never copied.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { eachSegment } from "./schema.js";

const placeKey = (decoration) => `${decoration.spec.key} ${decoration.from}`;
const isSamePlaces = (some, others) => some.length === others.length && some.every((one, at) => placeKey(one) === placeKey(others[at]));

// `startOf(id)` returns when a segment begins, in ms, or null. A segment without times stays in its place.
export function createAsides({ startOf }) {
  const key = new PluginKey("asides");
  const shown = new Map();
  let view = null;

  function placed(doc) {
    const found = [];
    const timed = [...shown].filter(([, { after }]) => !after).sort(([, one], [, other]) => one.ms - other.ms);
    const attached = new Map();
    for (const one of shown) if (one[1].after) attached.set(one[1].after, [...(attached.get(one[1].after) ?? []), one]);
    const place = (pos, [name, { element }]) =>
      found.push(Decoration.widget(pos, element, { key: name, side: -1, ignoreSelection: true, stopEvent: () => true }));

    eachSegment(doc, (node, pos) => {
      const start = startOf(node.attrs.id) ?? -1;
      while (timed.length && timed[0][1].ms <= start) place(pos, timed.shift());
      attached.get(node.attrs.id)?.forEach((one) => place(pos + node.nodeSize, one));
      attached.delete(node.attrs.id);
      return timed.length + attached.size > 0;
    });
    timed.forEach((one) => place(doc.content.size - 1, one));
    return found;
  }

  const setOf = (doc) => DecorationSet.create(doc, placed(doc));

  function apply(tr, decorations) {
    if (tr.getMeta(key) || (shown.size && tr.docChanged && tr.getMeta("remote"))) return setOf(tr.doc);
    return decorations.map(tr.mapping, tr.doc);
  }

  const plugin = new Plugin({
    key,
    state: { init: (_, { doc }) => setOf(doc), apply },
    props: { decorations(state) { return key.getState(state); } },
    view: (mounted) => {
      view = mounted;
      return { destroy: () => { view = null; } };
    },
  });

  const redraw = () => view?.dispatch(view.state.tr.setMeta(key, true));

  return {
    plugin,
    // Shows `element` before the first segment that begins at or after `ms`, or after the segment with the id `after`. Shown again
    // under the same key, it only moves.
    show(name, ms, element, { after = "" } = {}) {
      const known = shown.get(name);
      if (known && known.ms === ms && known.after === after && known.element === element) return;
      shown.set(name, { ms, after, element });
      redraw();
    },
    remove(name) {
      if (shown.delete(name)) redraw();
    },
    get: (name) => shown.get(name)?.element,
    keys: () => [...shown.keys()],
    // The times of segments have changed, or which there are.
    refresh() {
      if (!view || !shown.size) return;
      if (!isSamePlaces(key.getState(view.state).find(), placed(view.state.doc))) redraw();
    },
  };
}

// Does `act`, which draws the text anew, and leaves the focus in the field of an aside that was moved by that.
export function keepFocus(root, act) {
  const field = document.activeElement;
  const isInside = field !== root && root.contains(field);
  const selection = isInside && field.matches("input") ? [field.selectionStart, field.selectionEnd] : null;
  act();
  if (!isInside || document.activeElement === field || !field.isConnected) return;
  field.focus({ preventScroll: true });
  if (selection) field.setSelectionRange(...selection);
}
