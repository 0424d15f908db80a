// The review of doubtful words: from one to the next by keys, each played, accepted or corrected.
import { bindHotkeys, LOCAL } from "../../hotkeys.js";
import { toPoints } from "../../editor/protocol/text.js";
import { preferences as personal } from "../../account/preferences.js";
import { rested } from "../dom.js";
import { reveal } from "../find/marks.js";
import { rangeIn } from "../selection.js";
import { choicesFor, inPlaceOf, offeredTerms, placesLike } from "./alike.js";
import { createCard } from "./card.js";
import { createDoubtFinder } from "./finder.js";
import { createMark } from "./mark.js";
import { firstLeft, following, ordered, sameAs } from "./order.js";
import { createDoubtPanel } from "./panel.js";
import { addTerm, loadLevels, loadVocabulary } from "./sources.js";
import { createTicks } from "./ticks.js";

const REST_MS = 250;
const AROUND_MS = 1_500;
const NONE_CHOSEN = "Press J to go to the next word to check.";
const SETTINGS = new Set(["doubts", "doubt_threshold"]);
const isPhone = () => matchMedia("(max-width: 48rem)").matches;

// `openConflicts()` counts them, `play(from, to)` plays a part of the audio, `tell(sentence)` says something in the header.
export function createDoubts({ element, editor, panel: place, side, urls, isEditable, openConflicts, play, tell, preferences = personal() }) {
  const deck = element.querySelector("[data-deck]");
  const settings = () => ({ isOn: preferences.get("doubts") !== "off", threshold: preferences.get("doubt_threshold") ?? 60 });
  const finder = createDoubtFinder({ editor, settings });
  const ticks = createTicks(deck);
  const mark = createMark();
  const card = createCard({ root: element, isEditable, onClose: closed, acts: { accept, correct, correctAll, play: playAgain, previous: () => go(-1), next: () => go(1), choose, replaceAll } });
  const dismissed = new Set();
  let corrections = [];
  let items = [];
  let current = null;
  let correcting = null;
  let origin = null;
  let isReady = false; // the words are there
  let isKnown = false;
  let wantedStep = 0; // a key that came before the words were found
  let isEnded = false;
  let shownConflicts = 0;

  const textOf = (id) => editor.row(id)?.text ?? "";
  const panel = createDoubtPanel({
    panel: place, preferences, textOf, isEditable, choose: show, onChange: () => draw(), goToConflicts: () => side.show("conflicts"),
  });

  // Finding and drawing

  function take(found) {
    if (!found || isEnded) return;
    isKnown = true;
    const marks = new Map();
    for (const { id, from, to } of found.items) marks.set(id, [...(marks.get(id) ?? []), { offset: from, length: to - from }]);
    editor.markDoubts(marks);
    ticks.draw(found.items, Number(deck?.dataset.duration ?? 0));
    draw();
    if (wantedStep) go(wantedStep);
  }

  function draw() {
    const { items: all, settled } = finder.found;
    items = ordered(all, { order: preferences.get("doubt_order") ?? "need", kind: panel.kind });
    current = current && (sameAs(items, current) ?? current);
    shownConflicts = openConflicts();
    side.setCount("review", isKnown ? all.length : null);
    panel.draw({ all, shown: items, settled, current, open: shownConflicts, isKnown });
    panel.offer(isEditable && urls.vocabulary ? offeredTerms(corrections, finder.vocabulary).filter(({ term }) => !dismissed.has(term)).slice(0, 2) : [], { add, dismiss });
  }

  const search = () => finder.find().then(take);
  const later = rested(() => isReady && search(), REST_MS);

  // One item

  function anchor() {
    return rangeIn(editor, current.id, current.from, current.to);
  }

  const alike = () => placesLike(editor.rows(), current.text).length - 1;
  const found = () => choicesFor(current, { corrections }).map((text) => inPlaceOf(current.text, text));

  function show(item) {
    origin ??= document.activeElement;
    current = item;
    if (isPhone()) side.close();
    reveal(editor, current);
    panel.reveal(current);
    draw();
    // What came into view by the scroll is measured by then
    requestAnimationFrame(() => requestAnimationFrame(() => opened(item)));
    playAgain();
  }

  function opened(item) {
    const range = current === item || sameAs([item], current) ? anchor() : null;
    if (!range) return;
    mark.show(range);
    card.show(current, range, { found: found(), alike: alike() });
  }

  function go(step) {
    wantedStep = isKnown ? 0 : step;
    if (!isKnown) return;
    const next = following(items, current && sameAs(items, current), step)[0];
    if (next) show(next);
    else tell(isKnown && items.length ? "This is the only word to check." : "There are no words to check.");
  }

  function playAgain() {
    if (!current) return tell(NONE_CHOSEN);
    const middle = (current.start + current.end) / 2;
    play(Math.max(0, Math.min(current.start - 300, middle - AROUND_MS)), Math.max(current.end + 300, middle + AROUND_MS));
    return undefined;
  }

  // Does something to the current item, and goes to what followed it.
  function decide(act) {
    if (!current) return tell(NONE_CHOSEN);
    const after = following(items, sameAs(items, current));
    act(current);
    take(finder.findNow());
    const next = firstLeft(items, after);
    current = null;
    if (next) show(next);
    else finished();
    return undefined;
  }

  function finished() {
    leave();
    draw();
    panel.say("All words are checked.");
    tell("All words are checked.");
  }

  function accept() {
    if (!isEditable) return;
    decide(({ id, from, to }) => {
      const text = editor.textOf(id);
      editor.push({ op: "accept", id, words: [[toPoints(text, from), text.slice(from, to)]] });
    });
  }

  function takeBack() {
    const isAny = editor.canUndo;
    editor.undo();
    tell(isAny ? "Undone." : "There is nothing to undo.");
  }

  function choose(text) {
    decide(({ id, from, to }) => replace([{ id, from, to, text }]));
  }

  function replace(pieces) {
    editor.replace(pieces);
    editor.flush();
    learn();
  }

  function replaceAll(text, isAll) {
    decide((item) => {
      const places = isAll ? placesLike(editor.rows(), item.text) : [item];
      replace(places.map(({ id, from, to }) => ({ id, from, to, text: inPlaceOf(editor.textOf(id).slice(from, to), text) })));
      tell(places.length > 1 ? `Corrected ${places.length}. One undo takes back all.` : "Corrected.");
    });
  }

  // Correcting in the text

  function correct() {
    if (!isEditable) return undefined;
    if (!current) return tell(NONE_CHOSEN);
    correcting = { item: current, after: following(items, sameAs(items, current)) };
    card.close({ isLeft: true });
    mark.clear();
    editor.select(current.id, current.from, current.to);
    editor.view.focus();
    return undefined;
  }

  function correctAll() {
    if (!isEditable) return undefined;
    if (!current) return tell(NONE_CHOSEN);
    card.ask(current, anchor(), { found: found(), alike: alike() });
    return undefined;
  }

  // Where the page has the caret: the editor's state learns of it a moment later.
  function caretSegment() {
    const { anchorNode } = getSelection();
    return (anchorNode instanceof Element ? anchorNode : anchorNode?.parentElement)?.closest(".seg")?.dataset.id;
  }

  function typed(event) {
    const isEnd = (event.key === "Enter" || event.key === "Escape") && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (!correcting || !isEnd || event.isComposing) return;
    if (caretSegment() !== correcting.item.id) {
      correcting = null; // the person went on to another segment
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const { after } = correcting;
    correcting = null;
    current = null;
    editor.flush();
    editor.view.dom.blur();
    take(finder.findNow());
    learn();
    const next = firstLeft(items, after);
    if (next) show(next);
    else finished();
  }

  // What is typed into a correction is for the text, wherever the focus went in the meantime.
  function regain(event) {
    const isText = [...event.key].length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!correcting || !isText || event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    event.stopImmediatePropagation();
    editor.view.focus();
  }

  // A click elsewhere ends the correction where it is.
  function pressed(event) {
    if (correcting && !event.target.closest?.("[data-text]")) correcting = null;
  }

  function closed() {
    mark.clear();
    const back = origin?.isConnected && origin !== document.body ? origin : null;
    origin = null;
    back?.focus({ preventScroll: true });
  }

  function leave() {
    card.close({ isLeft: true });
    closed();
  }

  // Vocabulary

  async function loadTerms() {
    const known = await loadVocabulary(urls.vocabulary);
    corrections = known.corrections;
    finder.useTerms(known.terms);
    await search();
  }

  const learn = rested(() => urls.vocabulary && loadTerms(), 3_000);

  async function add(one) {
    const isAdded = await addTerm(urls.vocabulary, one);
    tell(isAdded ? `Added “${one.term}” to the vocabulary.` : "The term could not be added. Try again.");
    if (isAdded) await loadTerms();
  }

  function dismiss({ term }) {
    dismissed.add(term);
    draw();
  }

  async function start() {
    await editor.started;
    isReady = true;
    await search();
    finder.useLevels(await loadLevels(deck?.dataset.peaks));
    await loadTerms();
  }

  const moved = () => card.isOpen && card.place();
  const unsubscribe = [editor.subscribe(later), preferences.subscribe((name) => { if (SETTINGS.has(name)) { panel.drawSettings(); later(); } })];
  editor.view.dom.addEventListener("keydown", typed, { capture: true });
  addEventListener("scroll", moved, { passive: true });
  document.addEventListener("pointerdown", pressed);
  addEventListener("keydown", regain, { capture: true });
  const release = bindHotkeys({
    "doubts.next": () => go(1), "doubts.previous": () => go(-1), "doubts.play": playAgain,
    ...(isEditable && { "doubts.accept": accept, "doubts.correct": correct, "doubts.correct_all": correctAll, "doubts.choose": LOCAL, undo: takeBack }),
  });
  draw();
  start();

  return {
    // How many words are left to check.
    get left() { return finder.found.items.length; },
    // Others decided a conflict, or made one.
    refresh: () => { if (openConflicts() !== shownConflicts) draw(); },
    end: () => {
      isEnded = true;
      release();
      unsubscribe.forEach((stop) => stop());
      removeEventListener("scroll", moved);
      document.removeEventListener("pointerdown", pressed);
      removeEventListener("keydown", regain, { capture: true });
      [later, learn, card, ticks, mark, panel].forEach((one) => one.end());
    },
  };
}
