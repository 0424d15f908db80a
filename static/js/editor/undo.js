// Undo and redo for everything one did, after others edited and after a reload.
//
// ProseMirror's history holds what was typed on this page; each of its events is one batch for the server. What was done on
// earlier pages, and what is no text, the server undoes. One stack holds both in their order: TYPED is ProseMirror's newest event,
// { edit } a change by its number, and { key } a batch whose number comes with its answer.
import { redo, undo } from "prosemirror-history";
import { TextSelection } from "prosemirror-state";
import { ReplaceAroundStep, ReplaceStep, StepResult } from "prosemirror-transform";

export const DEPTH = 500;
const TYPED = "typed";
const COMMANDS = { undo, redo };

// `push(ops, direction)` queues a batch for the server and returns its key.
export function createUndo({ undoable = [], redoable = [], push }) {
  const done = undoable.map((edit) => ({ edit }));
  const undone = redoable.map((edit) => ({ edit }));
  const sides = { undo: [done, undone], redo: [undone, done] };

  function add(entry) {
    done.push(entry);
    done.splice(0, done.length - DEPTH);
    undone.length = 0;
  }

  const step = (direction) => (state, dispatch) => {
    const [from, to] = sides[direction];
    while (dispatch && from.length) {
      const entry = from.pop();
      if (entry === TYPED && !COMMANDS[direction](state, mark(dispatch, direction))) continue; // ProseMirror forgot it
      to.push(entry === TYPED ? TYPED : { key: push([{ op: "undo", ...entry }], direction) });
      break;
    }
    return true;
  };

  return {
    undo: step("undo"),
    redo: step("redo"),
    typed: () => add(TYPED),
    // A batch was queued that ProseMirror knows nothing of.
    queued: ({ key, direction }) => {
      if (!direction) return add({ key });
      const [from, to] = sides[direction];
      from.pop();
      to.push({ key });
    },
    // The server's number of a batch. The page may have it already, from before a reload.
    numbered: (key, edit) => {
      for (const stack of [done, undone]) {
        const at = stack.findIndex((entry) => entry.key === key);
        if (at < 0) continue;
        stack[at] = { edit };
        if (stack.findIndex((entry) => entry.edit === edit) < at) stack.splice(at, 1);
      }
    },
    get canUndo() { return done.length > 0; },
    get canRedo() { return undone.length > 0; },
  };
}

const mark = (dispatch, direction) => (tr) => dispatch(tr.setMeta("direction", direction));

// A selection that is remembered for undoing can be outside the text once a step of the undo has failed because someone removed
// its segment. ProseMirror would throw then, and undoing would be stuck.
class ClampedBookmark {
  constructor(anchor, head) { Object.assign(this, { anchor, head }); }
  map(mapping) { return new ClampedBookmark(mapping.map(this.anchor), mapping.map(this.head)); }
  resolve(doc) {
    const clamped = (pos) => doc.resolve(Math.min(pos, doc.content.size));
    return TextSelection.between(clamped(this.anchor), clamped(this.head));
  }
}

// Makes bookmarks and steps fail quietly where ProseMirror would throw. Done once for all editors of a page.
function harden() {
  TextSelection.prototype.getBookmark = function getBookmark() { return new ClampedBookmark(this.anchor, this.head); };
  for (const { prototype } of [ReplaceStep, ReplaceAroundStep]) {
    const { apply } = prototype;
    prototype.apply = function applyQuietly(doc) {
      try {
        return apply.call(this, doc);
      } catch (error) {
        if (error instanceof RangeError) return StepResult.fail(error.message);
        throw error;
      }
    };
  }
}

harden();
