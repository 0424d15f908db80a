// The text of a transcript's page: the editor in place of what the server wrote, with everything that belongs to it.
import { formatDuration } from "../clock.js";
import { createAsides } from "../editor/asides.js";
import { mountEditor } from "../editor/mount.js";
import { newId } from "../editor/schema.js";
import { bindHotkeys, LOCAL } from "../hotkeys.js";
import { createComments } from "../panels/comments/comments.js";
import { createConflicts } from "../panels/conflicts.js";
import { createDoubts } from "../panels/doubts/doubts.js";
import { createFaces } from "../panels/faces.js";
import { createFindBar } from "../panels/find/find_bar.js";
import { copyWith, quotation, setCopyWith } from "../panels/quotes.js";
import { createSaveState } from "../panels/save_state.js";
import { assignment, insertAtCaret, selectedPieces, selectedSpan, speakersInOrder } from "../panels/selection.js";
import { createSpeakerPanel } from "../panels/speakers/speaker_panel.js";
import { createSpeakerChoice } from "../panels/speakers/speaker_choice.js";
import { createTimes } from "../panels/times.js";
import { createCueBorders } from "../panels/subtitles/borders.js";
import { createSubtitles } from "../panels/subtitles/subtitles.js";
import { createReview } from "../review/review.js";

const INAUDIBLE = "[inaudible]";
const CONFIRMED_MS = 2_000;
const READ_MS = 60;

const dataOf = () => JSON.parse(document.getElementById("transcript-data").textContent);

// Takes what the server wrote out of the text. Returns the gaps, markers and names of languages that were between segments.
function clearText(root) {
  const between = [...root.querySelectorAll("[data-at]")];
  root.replaceChildren(...root.querySelectorAll(".empty"));
  return between;
}

// `side` is the rail of panels. The player comes later, by `usePlayer`.
export function createEditing(element, side) {
  const root = element.querySelector("[data-text]");
  const { editable, canComment, conflicts: open, urls, me, review: firstReview } = dataOf();
  const panelOf = (id) => element.querySelector(`[data-panel="${id}"]`);
  let player = null;
  let conflicts = null;
  let doubts = null;
  let comments = null;
  let editor = null;

  const between = clearText(root);
  const asides = createAsides({ startOf: (id) => editor?.row(id)?.start_ms ?? null });
  const saveState = createSaveState(element, () => editor);
  const borders = createCueBorders();
  const review = createReview({ root: element, first: firstReview, urls, me, tell });
  const showFaces = createFaces(element, (segment) => segment && editor.select(segment));
  editor = mountEditor(root, {
    extra: [asides.plugin, ...review.plugins, borders.plugin],
    copyWith,
    onState: saveState.show,
    onPeople: (people) => showFaces(people.filter(({ user }) => user !== me.id)),
    onMessage: (message) => {
      conflicts?.receive(message);
      review.receive(message);
      doubts?.refresh();
      comments?.receive(message);
    },
    onHeader: ({ kind, id, element: anchor }) => {
      if (editable && kind === "speaker") choice.open([id], anchor);
      if (editable && kind === "tick") review.toggle(id);
      if (kind === "comments") comments?.open(id);
    },
  });
  between.forEach((one, at) => asides.show(`between:${at}`, Number(one.dataset.at), one));
  editor.subscribe(asides.refresh);
  saveState.show({ state: "saved", waiting: 0 });
  editor.started.then(() => { root.dataset.painted = ""; });

  conflicts = createConflicts({ editor, panel: panelOf("conflicts"), side, urls, open, isEditable: editable, play: (from, to) => player?.playSpan(from, to) });
  const speakers = createSpeakerPanel({ editor, panel: panelOf("speakers"), side, isEditable: editable, sampleUrl: (id) => `${urls.speakers}${id}/sample/`, onSample: () => player?.pause() });
  const choice = createSpeakerChoice({ editor, root: element, namesUrl: urls.names });
  const times = createTimes({ editor, root: element, clipUrl: urls.clip });
  review.useEditor(editor, () => (player?.isPlaying ? editor.rowAt(player.nowMs)?.id ?? null : null));
  const finder = createFindBar({ root: element, editor, isEditable: editable });
  doubts = createDoubts({
    element, editor, side, urls, tell, panel: panelOf("review"), isEditable: editable, openConflicts: () => conflicts.count, play: (from, to) => player?.playSpan(from, to),
  });
  comments = createComments({
    editor, side, tell, me, panel: panelOf("comments"), url: urls.comments, canComment, play: (from, to) => player?.playSpan(from, to),
    nowMs: () => player?.nowMs ?? 0, playedMs: () => (player?.isPlaying ? player.nowMs : null),
  });
  const subtitles = createSubtitles({ editor, side, url: urls.subtitles, borders, isEditable: editable, tell });
  if (open.length) side.select("conflicts");

  const sectionOf = (id) => editor.view.dom.querySelector(`[data-id="${CSS.escape(id)}"]`);

  function withSegment(act) {
    const id = selectedPieces(editor.view.state)[0]?.id;
    if (id) act(id, sectionOf(id));
  }

  function chooseSpeaker() {
    const ids = selectedPieces(editor.view.state).map(({ id }) => id);
    if (ids.length) choice.openForSelection(sectionOf(ids[0]).querySelector(".spk"));
  }

  function insertTime() {
    insertAtCaret(editor, `[${formatDuration(player?.nowMs ?? 0)}]`);
  }

  async function quote() {
    const pieces = selectedPieces(editor.view.state).filter(({ from, to }) => from < to);
    if (!pieces.length) return;
    const labels = new Map(editor.speakers().map(({ id, label }) => [id, label]));
    const text = quotation({
      pieces: pieces.map((piece) => ({ label: labels.get(piece.speaker) ?? "", text: piece.text.slice(piece.from, piece.to).trim() })),
      title: element.querySelector("h1")?.textContent.trim() ?? "",
      date: element.dataset.date,
      startMs: selectedSpan(editor)?.from ?? 0,
      address: `${location.origin}${location.pathname}`,
    });
    const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    tell(isCopied ? "Copied as a quotation." : "The browser forbids copying.");
  }

  function tell(sentence) {
    const news = element.querySelector("[data-text-news]");
    news.textContent = sentence;
    // What takes longer to read stays longer.
    setTimeout(() => { if (news.textContent === sentence) news.textContent = ""; }, CONFIRMED_MS + sentence.length * READ_MS);
  }

  function clip() {
    const span = selectedSpan(editor);
    if (!span) return tell("Select the words first.");
    const link = document.createElement("a");
    link.href = `${urls.clip}?from=${Math.floor(span.from)}&to=${Math.ceil(span.to)}`;
    link.download = "";
    link.click();
    return undefined;
  }

  // What is selected is what the share dialog offers to share.
  function tellSpan({ detail }) {
    detail.span = selectedSpan(editor);
  }

  function assign(number) {
    const pieces = selectedPieces(editor.view.state);
    const speaker = speakersInOrder(editor)[number - 1];
    if (speaker && pieces.length) editor.push(...assignment(pieces, speaker.id, newId));
  }

  // Alt with a digit anywhere; the digit alone while nothing is typed and something is selected.
  function numbered(event) {
    const digit = /^(?:Digit|Numpad)([1-9])$/u.exec(event.code)?.[1];
    if (!digit || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    if (!event.altKey && (isTyping || editor.view.state.selection.empty)) return;
    event.preventDefault();
    assign(Number(digit));
  }

  function toggleCopyWith() {
    setCopyWith(copyWith() ? "" : "speakers");
    drawCopyWith();
  }

  function drawCopyWith() {
    element.querySelector("[data-text-act=copy_with]")?.setAttribute("aria-pressed", String(copyWith() !== ""));
  }

  const moveWord = (isBack) => withSegment((id) => times.moveWord(id, isBack));
  const adjustTimes = () => withSegment((id, section) => times.open(id, section.querySelector(".at")));
  const inaudible = () => insertAtCaret(editor, INAUDIBLE);
  const reading = { find: finder.open, quote, clip, copy_with: toggleCopyWith };
  const writing = { speaker: chooseSpeaker, times: adjustTimes, inaudible, time: insertTime };
  const acts = editable ? { ...reading, ...writing } : reading;

  function clicked(event) {
    const name = event.target.closest("[data-text-act]")?.dataset.textAct;
    if (!acts[name]) return;
    event.target.closest("details")?.removeAttribute("open");
    acts[name]();
  }

  function doubleClicked({ target }) {
    const section = target.closest(".seg > header .at") && target.closest(".seg");
    if (section && editable) times.open(section.dataset.id, target);
  }

  const local = Object.fromEntries(["text.split", "text.merge", "text.finish", "text.undo", "text.redo", "text.assign", "conflict.keep", "conflict.take", "conflict.edit", "find.next", "find.replace"].map((id) => [id, LOCAL]));
  const keys = { "text.find": finder.open, "text.quote": quote };
  const editKeys = { "text.speaker": chooseSpeaker, "text.times": adjustTimes, "text.inaudible": inaudible, "text.time": insertTime, "text.word_back": () => moveWord(true), "text.word_forward": () => moveWord(false), ...review.keys, ...local };
  const release = bindHotkeys(editable ? { ...keys, ...editKeys } : keys);
  element.addEventListener("click", clicked);
  root.addEventListener("dblclick", doubleClicked);
  if (editable) document.addEventListener("keydown", numbered);
  document.addEventListener("verbatim:span-wanted", tellSpan);
  drawCopyWith();

  return {
    editor,
    usePlayer: (made) => {
      player = made;
      times.usePlayer(made);
      subtitles.usePlayer(made);
    },
    stop: () => {
      release();
      document.removeEventListener("verbatim:span-wanted", tellSpan);
      document.removeEventListener("keydown", numbered);
      [speakers, choice, times, finder, doubts, comments, subtitles, review, editor].forEach((one) => one.end());
    },
  };
}
