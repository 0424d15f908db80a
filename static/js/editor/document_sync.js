// Ties ProseMirror's document to the server: what is typed becomes batches, and rows that arrive become transactions.
//
// Each batch is one event of the undo history. When an event begins, what the one before it left unsent is queued as a batch
// of its own; and what is queued ends its event.
import { closeHistory, isHistoryTransaction, undoDepth } from "prosemirror-history";
import { Rows } from "./protocol/rows.js";
import { createSync } from "./protocol/sync.js";
import { transactionTo } from "./remote.js";
import { rowsOf } from "./schema.js";
import { createUndo } from "./undo.js";

const HUMAN = 1;
const UNCONFIRMED = 2;
const REVIEWED = 4;

export const rowFromPage = ([id, speaker, start_ms, end_ms, text, language, flags]) =>
  ({ id, speaker: speaker ?? "", start_ms, end_ms, text, language, origin: flags & HUMAN ? "human" : "machine", unconfirmed: Boolean(flags & UNCONFIRMED), reviewed: Boolean(flags & REVIEWED) });

// `getState()` returns the state of the editor, and `update(state, tr)` gives it a new one. `onChanged(tr)` is called after each
// change of the text made here. The rest is handed to the sync.
export function createDocumentSync({ data, getState, update, onChanged = () => {}, ...options }) {
  let isClosed = true;

  const sync = createSync({
    rows: Rows.of(data.rows.map(rowFromPage), data.speakers),
    change: data.change,
    read: () => rowsOf(getState().doc),
    show: (rows, mergedInto) => {
      const tr = transactionTo(getState(), rows, mergedInto);
      if (tr) dispatch(tr);
    },
    onQueue: () => { isClosed = true; },
    onEdit: (key, edit) => undo.numbered(key, edit),
    ...options,
  });
  const undo = createUndo({ undoable: data.undo, redoable: data.redo, push: sync.push });

  function dispatch(tr) {
    const isOwn = tr.docChanged && !tr.getMeta("remote");
    if (isOwn && isClosed) closeHistory(tr);
    const old = getState();
    const state = old.apply(tr);
    if (!isOwn) return update(state, tr);
    const direction = isHistoryTransaction(tr) ? tr.getMeta("direction") : "";
    const isBegun = !direction && undoDepth(state) !== undoDepth(old);
    if (sync.isDirty && (isBegun || direction)) sync.settle(rowsOf(old.doc));
    if (isBegun) undo.typed();
    update(state, tr);
    follow(direction);
    onChanged(tr);
  }

  function follow(direction) {
    isClosed = Boolean(direction);
    if (!direction) return sync.changed();
    sync.settle(rowsOf(getState().doc), direction);
    sync.flush();
  }

  return {
    sync,
    undo,
    dispatch,
    // What is done next is an edit of its own.
    close: () => { isClosed = true; },
    // Operations that are no part of the text, as one batch that can be undone.
    push: (ops) => undo.queued({ key: sync.push(ops), direction: "" }),
    // Continues with what earlier pages had not sent, which their own history no longer undoes.
    restore: (records) => sync.restore(records).forEach(undo.queued),
  };
}
