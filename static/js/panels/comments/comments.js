// Comments on a transcript: in their panel, in the text, and on their way to the server.
import { bindHotkeys, LOCAL } from "../../hotkeys.js";
import { toPoints } from "../../editor/protocol/text.js";
import { uuid } from "../../ids.js";
import { button, kbd, make, redraw, rested } from "../dom.js";
import { reveal } from "../find/marks.js";
import { selectedPieces } from "../selection.js";
import { createCard } from "./card.js";
import { createComposer } from "./composer.js";
import { createCommentMarks } from "./marks.js";
import { createMemberNames } from "./member_names.js";
import { createOutbox } from "./outbox.js";
import { FILTERS, inOrder, placeIn, placesOf, withUnsent } from "./threads.js";

const REST_MS = 150;
const RETRY_MS = 5_000;
const PLAYED_MS = 3_000;
// So long a comment waits for the edits that were made before it.
const READY_MS = 2_000;
const STEP_MS = 100;
const LABELS = { open: "Open", resolved: "Resolved", you: "For you" };
const EMPTY = { open: "No open comments. Select words and press M.", resolved: "No resolved comments.", you: "No open comment mentions you." };
const HINTS = [[["M"], "comment"], [["J", "K"], "next, previous"], [["Ctrl ↵"], "send"], [["E"], "resolve"]];

// `playedMs()` is where the audio is, null while it is paused; `nowMs()` also then. `play(from, to)` plays a part of it.
export function createComments({ editor, panel, side, url, me, canComment, play, playedMs, nowMs, tell }) {
  let threads = [];
  let names = [];
  let current = null;
  let editing = null;
  let filter = "open";
  let asked = 0;
  let taken = 0;
  let retry = 0;
  let isEnded = false;
  const typed = new Map();
  const marks = createCommentMarks(editor);
  const outbox = createOutbox({ url, ready, onAnswer: answered, onChange: () => queueMicrotask(draw) });
  const card = createCard({ typed, canComment, acts: { focus, play: playFrom, reply, edit, settle, remove: (one) => outbox.remove(one.id), startEdit, retry: outbox.retry, discard: outbox.discard } });
  const composer = createComposer({ send: added, onClose: () => panel.focus({ preventScroll: true }) });

  const filters = Object.keys(FILTERS).map((name) => button(LABELS[name], () => choose(name), { className: "chip", key: `filter-${name}` }));
  const list = make("ol", { className: "threads", role: "list" });
  const empty = make("p", { className: "soft" });
  const start = button("Comment", write, { className: "btn small", key: "write" });
  const hints = make("p", { className: "hints small soft" }, ...HINTS.filter(([keys]) => canComment || keys.includes("J")).map(([keys, text]) => make("span", {}, ...keys.map(kbd), text)));
  panel.classList.add("comments");
  panel.append(make("div", { className: "comments-head" }, make("h2", { className: "unseen" }, "Comments"), make("div", { className: "filters", role: "group", "aria-label": "Show" }, ...filters), canComment && start, composer.element),
    make("div", { className: "comments-scroll" }, empty, list), hints);

  const memberNames = createMemberNames({ panel, names: () => names });

  // From the server

  async function ready() {
    for (let waited = 0; waited < READY_MS && !editor.isSaved; waited += STEP_MS) await new Promise((done) => setTimeout(done, STEP_MS));
  }

  async function load() {
    const number = ++asked;
    const found = await fetch(url, { headers: { Accept: "application/json" } }).then((response) => (response.ok ? response.json() : null)).catch(() => null);
    clearTimeout(retry);
    if (found) take(found, number);
    else if (!isEnded) retry = setTimeout(load, RETRY_MS); // nothing else would say again that there is something new
  }

  // What was asked for later is newer.
  function take(found, number) {
    if (number < taken) return;
    taken = number;
    const hadNames = names.length > 0;
    ({ comments: threads, names } = found);
    draw();
    if (!hadNames) memberNames.refresh();
  }

  function answered(answer) {
    if (answer.comments) take(answer, ++asked);
    else draw();
  }

  const later = rested(load, REST_MS);

  // Drawing

  const all = () => inOrder(withUnsent(threads, outbox.list(), me), editor.rows());
  const shown = (found = all()) => found.filter((thread) => FILTERS[filter](thread));

  function startOf(thread) {
    const place = placeIn(editor.textOf(thread.segment), thread);
    const word = place && editor.wordsOf(thread.segment).find((one) => one.offset + one.length > place.from);
    return word?.start ?? editor.row(thread.segment)?.start_ms ?? thread.at_ms;
  }

  function draw() {
    const found = all();
    const listed = shown(found);
    const open = found.filter(FILTERS.open);
    side.setCount("comments", open.length || null);
    for (const [at, name] of Object.keys(FILTERS).entries()) {
      filters[at].textContent = `${LABELS[name]} ${found.filter(FILTERS[name]).length}`;
      filters[at].setAttribute("aria-pressed", String(name === filter));
    }
    empty.hidden = listed.length > 0;
    empty.textContent = EMPTY[filter];
    list.hidden = !listed.length;
    redraw(list, listed.map((thread) => card(thread, { isCurrent: thread.id === current, startMs: startOf(thread), names, editing })));
    marks.draw(open, current);
  }

  const repaint = rested(() => marks.draw(all().filter(FILTERS.open), current), REST_MS);

  function choose(name) {
    filter = name;
    draw();
  }

  // One thread

  const cardOf = (id) => [...list.children].find((one) => one.dataset.thread === id);

  function focus(thread, { isFocused = true } = {}) {
    current = thread.id;
    const place = placeIn(editor.textOf(thread.segment), thread);
    if (place) reveal(editor, { id: thread.segment, ...place });
    draw();
    if (!isFocused) return;
    cardOf(thread.id)?.focus({ preventScroll: true });
    cardOf(thread.id)?.scrollIntoView({ block: "nearest" });
  }

  function playFrom(thread) {
    focus(thread);
    const from = startOf(thread);
    if (from !== null) play(from, from + PLAYED_MS);
  }

  function go(step) {
    const found = shown();
    const at = found.findIndex(({ id }) => id === current);
    const next = found[at < 0 ? (step > 0 ? 0 : found.length - 1) : Math.max(0, Math.min(found.length - 1, at + step))];
    if (next) playFrom(next);
  }

  function startEdit(one) {
    if (editing) typed.delete(`body-${editing}`);
    editing = one?.id ?? null;
    draw();
    const area = editing && [...list.querySelectorAll("textarea")].find(({ dataset }) => dataset.key === `body-${editing}`);
    if (area) area.focus();
    else cardOf(current)?.focus({ preventScroll: true });
  }

  function edit(one, body) {
    editing = null;
    outbox.edit(one.id, body);
    draw();
  }

  function reply(thread, body) {
    outbox.add({ id: uuid(), parent: thread.id, body });
    draw();
  }

  function settle(thread) {
    if (!canComment) return;
    const found = shown();
    const next = found[found.findIndex(({ id }) => id === thread.id) + 1];
    outbox.settle(thread.id, !thread.resolved);
    tell(thread.resolved ? "Reopened." : "Resolved.");
    if (next) focus(next);
    else draw();
  }

  // A new comment

  // Returns the selected words of each segment, else the word that is spoken, or none.
  function chosen() {
    const pieces = selectedPieces(editor.view.state).map(trimmed).filter(({ from, to }) => from < to);
    if (pieces.length) return pieces;
    const word = playedMs() === null ? null : editor.spokenAt(playedMs());
    return word ? [{ id: word.id, text: editor.textOf(word.id), from: word.offset, to: word.offset + word.length }] : [];
  }

  function trimmed({ id, text, from, to }) {
    const words = text.slice(from, to);
    const start = from + words.length - words.trimStart().length;
    return { id, text, from: start, to: start + words.trim().length };
  }

  function write() {
    const pieces = chosen();
    side.show("comments");
    composer.open(pieces.length ? fieldsOf(pieces) : { at_ms: String(Math.round(nowMs())) });
  }

  function fieldsOf([{ id, text, from, to }, ...more]) {
    editor.flush();
    const parts = more.map((piece) => [piece.id, toPoints(piece.text, piece.from), toPoints(piece.text, piece.to), piece.text.slice(piece.from, piece.to)]);
    const start = editor.wordsOf(id).find((one) => one.offset + one.length > from)?.start ?? editor.row(id)?.start_ms;
    const at = Number.isFinite(start) ? { at_ms: String(Math.round(start)) } : {};
    return { segment: id, begin: String(toPoints(text, from)), end: String(toPoints(text, to)), quoted: text.slice(from, to), ...(parts.length ? { parts: JSON.stringify(parts) } : {}), seq: String(editor.change), ...at };
  }

  function added(fields) {
    const id = uuid();
    outbox.add({ id, ...fields });
    filter = "open";
    current = id;
    draw();
    queueMicrotask(() => cardOf(id)?.focus({ preventScroll: true }));
  }

  // Keys of the panel. A field has its own.
  function keyed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.closest("textarea, input, select")) return;
    const thread = shown().find(({ id }) => id === current);
    const act = { j: () => go(1), k: () => go(-1), e: () => thread && settle(thread) }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // The button beside a segment leads to its first comment.
  function open(segment) {
    filter = "open";
    const first = shown().find((thread) => placesOf(thread).some((part) => part.segment === segment));
    if (!first) return;
    side.show("comments");
    focus(first);
  }

  panel.addEventListener("keydown", keyed);
  const unsubscribe = editor.subscribe(repaint);
  const local = Object.fromEntries(["comments.next", "comments.previous", "comments.send", "comments.resolve"].map((id) => [id, LOCAL]));
  const release = bindHotkeys(canComment ? { "comments.add": write, ...local } : { "comments.next": LOCAL, "comments.previous": LOCAL });
  draw();
  editor.started.then(() => { load(); outbox.resend(); });

  return {
    open,
    // Begins a comment on what is selected or spoken.
    write,
    receive: ({ type }) => {
      if (type === "comments") later();
      if (type === "hello") { later(); outbox.resend(); }
    },
    end: () => {
      isEnded = true;
      clearTimeout(retry);
      release();
      unsubscribe();
      [later, repaint, outbox, marks].forEach((one) => one.end());
    },
  };
}
