// The editor of a transcript: mounts the document, and connects it to the server.
import { closeHistory, history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { createBackoff } from "../backoff.js";
import { formatDuration } from "../clock.js";
import { keepFocus } from "./asides.js";
import { clipboardProps } from "./clipboard.js";
import { clear, editKeys, moveKeys, type } from "./commands.js";
import { createDocumentSync, rowFromPage } from "./document_sync.js";
import { cutParts, tidy } from "./parts.js";
import { createPresence, movesOthers, presencePlugin } from "./presence.js";
import { documentOf, findSegment, rowOf, rowsOf, schema } from "./schema.js";
import { createSegmentViews } from "./segment_view.js";
import { DEPTH } from "./undo.js";
import { createWordFinder, createWordPainter } from "./words.js";

// The event that ends a composition arrives before the text that it composed.
const COMPOSED_MS = 20;
// What the sync reads of the feed; the socket tells other things besides.
const FEED = new Set(["edit", "hello", "news"]);

// What the buttons at a segment are for.
const KINDS = { spk: "speaker", at: "time", tick: "tick", note: "comments" };

const spansSegments = ({ selection: { $from, $to } }) => !$from.sameParent($to);

// `data` is the page's data, `transport` what connects to the server (protocol/transport.js), `store` what keeps unsent batches
// (protocol/store.js). `copyWith()` is "speakers" if what is copied has speakers and times. `onHeader({ kind, id, element })` is called
// for a click on a speaker, a time or a tick. `extra` are further plugins, such as that of asides.js.
export function createEditor({ root, data, transport, store, extra = [], onState, onPeople, onMessage = () => {}, onHeader = () => {}, copyWith = () => "" }) {
  const listeners = new Set();
  let view = null;
  let painter = null;

  const own = createDocumentSync({
    data,
    getState: () => view.state,
    update: (state, tr) => {
      if (view.isDestroyed) return; // an answer to what was sent while leaving
      keepFocus(view.dom, () => view.updateState(state));
      if (tr.selectionSet || tr.docChanged) presence.moved();
      if (movesOthers(tr)) redrawn();
    },
    onChanged: () => listeners.forEach((listener) => listener()),
    client: store.client,
    post: (batch) => transport.post(batch).finally(readCaret),
    backoff: createBackoff(),
    save: store.save,
    request: (change) => transport.say({ type: "since", change }),
    onState,
    onRows: refresh,
  });
  const { sync, undo, dispatch } = own;

  // The browser tells of a caret that moved a moment later: what is drawn or pressed before that must not miss it.
  function readCaret() {
    if (!view.isDestroyed) view.domObserver.flush();
  }

  const row = (id) => sync.rows.get(id);
  const speakerOf = (id) => sync.rows.speakers.get(id);
  const segments = createSegmentViews({ rowOf: row, speakerOf, language: data.language, isEditable: Boolean(data.editable) });
  const textOf = (id) => segments.views.get(id)?.node.textContent ?? null;
  const finder = createWordFinder({ rows: () => sync.rows.present(), rowOf: row, textOf });

  function refresh() {
    if (view.isDestroyed) return;
    segments.refresh();
    redrawn();
  }

  function redrawn() {
    painter?.refresh();
    listeners.forEach((listener) => listener());
  }

  const headOf = ({ attrs }) =>
    copyWith() === "speakers" ? `${speakerOf(attrs.speaker)?.label ?? ""} (${formatDuration(row(attrs.id)?.start_ms ?? 0)})`.trim() : "";

  const keys = { "Mod-z": undo.undo, "Mod-y": undo.redo, "Mod-Shift-z": undo.redo, ...editKeys };
  const plugins = [keymap(moveKeys), ...(data.editable ? [keymap(keys), history({ depth: DEPTH })] : [history()]), tidy(), cutParts(), presencePlugin(), ...extra];

  function clearSpan() {
    if (spansSegments(view.state)) view.dispatch(clear(closeHistory(view.state.tr)));
  }

  const handlers = {
    keydown: () => { readCaret(); return false; },
    compositionstart: () => { clearSpan(); sync.hold(); return false; },
    compositionend: () => { setTimeout(() => sync.release(), COMPOSED_MS); return false; },
    beforeinput: (_, event) => {
      const command = { historyUndo: undo.undo, historyRedo: undo.redo }[event.inputType];
      if (!command || !view.editable) return false;
      event.preventDefault();
      return command(view.state, dispatch);
    },
    focus: () => { presence.moved(); return false; },
    blur: () => { presence.moved(); return false; },
  };

  view = new EditorView(root, {
    state: EditorState.create({ doc: documentOf(data.rows.map(rowFromPage)), plugins }),
    ...clipboardProps(headOf),
    nodeViews: { segment: segments.create },
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": "Transcript", ...(data.editable ? {} : { "aria-readonly": "true" }) },
    editable: () => Boolean(data.editable),
    handleTextInput: (_, from, to, text) => {
      if (!spansSegments(view.state) && view.state.selection instanceof TextSelection) return false;
      view.dispatch(type(view.state, text));
      return true;
    },
    handleDOMEvents: handlers,
    dispatchTransaction: dispatch,
  });
  const presence = createPresence({ view, say: transport.say, onPeople });

  function clicked({ target }) {
    const element = target.closest(".seg > header button");
    if (element) onHeader({ kind: KINDS[element.className], id: element.closest(".seg").dataset.id, element });
  }

  // The feed tells a page where it is itself, too.
  const isOwn = ({ page }) => page === store.client;

  function received(message) {
    readCaret();
    if (message.type === "here" || message.type === "left") return isOwn(message) ? undefined : presence.receive(message);
    if (FEED.has(message.type)) sync.receive(message);
    onMessage(message);
  }

  // Words aren't needed for the first paint.
  async function start() {
    painter = createWordPainter({ view, views: segments.views, finder });
    painter.refresh();
    transport.open({ change: () => sync.change, onMessage: received, onOpen: presence.reconnected });
    await Promise.all([restore(), transport.words().then(takeWords)]);
  }

  function takeWords(answer) {
    readCaret();
    if (answer) sync.takeWords(answer.words);
  }

  async function restore() {
    const records = await store.adopt();
    if (!records.length) return;
    readCaret();
    own.restore(records);
    await Promise.all(records.map((one) => one.drop()));
  }

  // What is sent while the page goes has its number before it is stored: the next page sends the same again.
  function leave() {
    transport.leave();
    sync.flush();
    store.saveNow(sync.record(true));
  }

  const outside = { pagehide: leave, pageshow: transport.back, online: sync.retryNow };
  for (const [name, act] of Object.entries(outside)) addEventListener(name, act);
  view.dom.addEventListener("click", clicked);
  const started = new Promise((done) => requestAnimationFrame(() => setTimeout(() => start().then(done))));

  // Replaces pieces of text as one edit: [{ id, from, to, text }], in characters of the text on the page.
  function replace(pieces) {
    const tr = closeHistory(view.state.tr);
    const places = pieces.map((piece) => ({ ...piece, pos: findSegment(tr.doc, piece.id)?.pos })).filter((piece) => piece.pos !== undefined);
    for (const { pos, from, to, text } of places.sort((one, other) => other.pos - one.pos || other.from - one.from)) {
      if (text) tr.replaceWith(pos + 1 + from, pos + 1 + to, schema.text(text));
      else tr.delete(pos + 1 + from, pos + 1 + to);
    }
    if (tr.docChanged) view.dispatch(tr);
    own.close();
  }

  function select(id, from = 0, to = from) {
    const place = findSegment(view.state.doc, id);
    if (!place) return false;
    const [anchor, head] = [from, to].map((offset) => place.pos + 1 + Math.min(offset, place.node.content.size));
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, anchor, head)).scrollIntoView());
    return true;
  }

  return {
    view,
    started,
    select,
    replace,
    // Operations that are no part of the text, as one batch that can be undone.
    push: (...ops) => own.push(ops),
    rows: () => rowsOf(view.state.doc).map((shown) => ({ ...row(shown.id), ...shown })),
    row,
    get isSaved() { return !sync.waiting; },
    speakers: () => [...sync.rows.speakers.values()],
    // The number of the last change that the page has.
    get change() { return sync.change; },
    rowAt: finder.rowAt,
    wordAt: finder.wordAt,
    wordsOf: finder.wordsOf,
    // What a segment says on the page.
    textOf: (id) => textOf(id) ?? "",
    // Underlines doubtful words: { offset, length } by segment.
    markDoubts: (found) => painter?.mark(found),
    // Shows beside segments how many comments they have: numbers by id.
    markComments: segments.markComments,
    spokenAt: finder.spokenAt,
    // Marks the word that is spoken at a moment, and returns { id, range } of it, or null.
    paint: (ms) => painter?.spoken(ms === null ? null : finder.spokenAt(ms)) ?? null,
    // Returns { id, offset } of a place on the page, or null.
    placeAt: ({ clientX, clientY }) => {
      const $pos = view.state.doc.resolve(view.posAtCoords({ left: clientX, top: clientY })?.pos ?? 0);
      return $pos.parent.type === schema.nodes.segment ? { id: rowOf($pos.parent).id, offset: $pos.parentOffset } : null;
    },
    get canUndo() { return undo.canUndo; },
    undo: () => undo.undo(view.state, dispatch),
    redo: () => undo.redo(view.state, dispatch),
    // Calls `listener()` after each change, until what it returns is called.
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush: sync.flush,
    // After a refusal.
    resend: sync.resend,
    discard: sync.discard,
    end: () => {
      leave();
      store.end();
      for (const [name, act] of Object.entries(outside)) removeEventListener(name, act);
      [sync, presence].forEach((one) => one.end());
      painter?.end();
      transport.close();
      view.destroy();
    },
  };
}
