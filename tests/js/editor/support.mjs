// Pages and a server in memory: the server orders batches, applies them, and answers with rows as they are then.
import { EditorState, TextSelection } from "prosemirror-state";
import { history } from "prosemirror-history";
import { createDocumentSync } from "../../../static/js/editor/document_sync.js";
import { cutParts, tidy } from "../../../static/js/editor/parts.js";
import { apply, Rows } from "../../../static/js/editor/protocol/rows.js";
import { documentOf, eachSegment, rowsOf } from "../../../static/js/editor/schema.js";

// Random numbers that a seed repeats.
export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (end) => Math.floor(next() * end);
  return { next, below, pick: (some) => some[below(some.length)] };
}

export const row = (id, text, speaker = "1", start_ms = 0, end_ms = 0) => ({ id, speaker, start_ms, end_ms, text, language: "en" });
export const asText = (rows) => rows.map(({ id, speaker, text }) => `${id}|${speaker}|${text}`).join("\n");
export const textsOf = (page) => page.rows().map((one) => one.text);

const pageRow = (one) => [one.id, one.speaker, one.start_ms, one.end_ms, one.text, one.language, one.reviewed ? 4 : 0];

export function createServer(rows, speakers = [{ id: "1", label: "Ann", number: 1 }]) {
  const current = Rows.of(rows, speakers);
  const log = [];
  const conflicts = [];
  const pages = new Set();
  const rowNow = (id) => {
    const { gone, ...one } = current.get(id);
    return structuredClone({ ...one, after: gone ? null : current.before(id)?.id ?? null, ...(gone ? { gone } : {}) });
  };

  function changed(before) {
    return current.order.filter((id) => before.get(id) !== current.get(id));
  }

  // Undoing gives rows back what they were before the edit, if they are still as it left them.
  function invert({ edit }) {
    const { states } = log[edit - 1];
    for (const [id, [before, after]] of states) {
      const now = current.get(id);
      if (now.text !== after.text || now.gone !== after.gone) continue;
      current.set(id, before ? { text: before.text, speaker: before.speaker, gone: before.gone } : { gone: true });
    }
  }

  function receive({ client, n, seq, direction, ops }) {
    const known = log.find((one) => one.message.client === client && one.message.n === n);
    if (known) return structuredClone(known.message);
    const before = new Map(current.map);
    for (const op of structuredClone(ops)) op.op === "undo" ? invert(op) : apply(current, [op], { since: seq, onOverwritten: (text) => conflicts.push(text) });
    const change = log.length + 1;
    const ids = changed(before);
    for (const id of ids) if (!before.has(id)) current.set(id, { born: change });
    const states = ids.map((id) => [id, [before.get(id), current.get(id)]]);
    const message = { type: "edit", change, client, n, direction, rows: ids.map(rowNow), speakers: [...current.speakers.values()] };
    log.push({ message, states, ops });
    for (const page of pages) page.inbox.push(structuredClone(message));
    return structuredClone(message);
  }

  return {
    receive,
    log,
    conflicts,
    pages,
    rows: () => current.present(),
    helloSince: (since) => {
      const ids = new Set(log.slice(since).flatMap((one) => one.states.map(([id]) => id)));
      return { type: "hello", change: log.length, rows: current.order.filter((id) => ids.has(id)).map(rowNow), speakers: [...current.speakers.values()] };
    },
    data: () => ({ change: log.length, rows: current.present().map(pageRow), speakers: [...current.speakers.values()], undo: [], redo: [] }),
  };
}

const PLUGINS = () => [history({ depth: 500 }), tidy(), cutParts()];

// A page without a browser. Its requests wait in `outbox` until `deliver()`, the feed in `inbox` until `hear()`.
export function createPage(server, { client, data = server.data(), timers = { setTimer: () => 0, clearTimer() {} } }) {
  const page = { client, inbox: [], outbox: [], states: [], requests: [], stored: null, state: EditorState.create({ doc: documentOf(data.rows.map(([id, speaker, , , text]) => ({ id, speaker, text }))), plugins: PLUGINS() }) };
  page.own = createDocumentSync({
    data,
    client,
    getState: () => page.state,
    update: (state) => { page.state = state; },
    post: (batch) => new Promise((done) => page.outbox.push({ batch: structuredClone(batch), done })),
    backoff: { next: () => 0, reset() {} },
    save: (record) => { page.stored = structuredClone(record); },
    request: (change) => page.requests.push(change),
    onState: (state) => page.states.push(state),
    ...timers,
  });
  server.pages.add(page);
  return Object.assign(page, {
    sync: page.own.sync,
    dispatch: page.own.dispatch,
    rows: () => rowsOf(page.state.doc),
    undo: () => page.own.undo.undo(page.state, page.dispatch),
    redo: () => page.own.undo.redo(page.state, page.dispatch),
    run: (command) => command(page.state, page.dispatch),
    // Puts the caret, or a selection, into the segment with this index.
    caret: (index, from, to = from) => {
      const { pos, node } = segments(page.state.doc)[index];
      const [anchor, head] = [from, to].map((offset) => pos + 1 + (offset < 0 ? node.content.size + 1 + offset : offset));
      page.dispatch(page.state.tr.setSelection(TextSelection.create(page.state.doc, anchor, head)));
    },
    type: (text) => { for (const letter of text) page.dispatch(page.state.tr.insertText(letter)); },
    deliver: async () => {
      const { batch, done } = page.outbox.shift();
      done({ status: 200, ...server.receive(batch) });
      await turn();
    },
    hear: () => page.sync.receive(page.inbox.shift()),
    leave: () => server.pages.delete(page),
  });
}

export function segments(doc) {
  const found = [];
  eachSegment(doc, (node, pos) => { found.push({ node, pos }); });
  return found;
}

export const turn = () => new Promise((done) => setImmediate(done));

// Lets everything arrive.
export async function quiet(pages) {
  for (let round = 0; round < 500; round++) {
    for (const page of pages) {
      page.sync.flush();
      while (page.outbox.length) await page.deliver();
      while (page.inbox.length) page.hear();
    }
    if (pages.every((page) => !page.sync.waiting && !page.inbox.length && !page.outbox.length)) return;
  }
  throw new Error("The pages never came to rest");
}
