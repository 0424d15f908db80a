// The page of a transcript: audio, waveform and text move together.
import { bindHotkeys } from "../hotkeys.js";
import { createFollow } from "./playback/follow.js";
import { createSpokenPainter, paintDoubtful, rangeOf } from "./playback/highlights.js";
import { createPlayer } from "./playback/player.js";
import { createWaveform } from "./playback/waveform.js";
import { bySegment, indexWords, spokenAt, wordAtOffset } from "./playback/word_index.js";

const STEP_MS = 3_000;
// A click this close to a word is on it.
const TOUCH_PX = 3;

export function reader(element) {
  const sections = [...element.querySelectorAll("[data-segment]")];
  const words = indexWords(JSON.parse(document.getElementById("words").textContent));
  const groups = bySegment(words, sections.length);
  const stops = [paintDoubtful(element.querySelector("[data-text]"), sections, groups)];
  const deck = element.querySelector("[data-deck]");
  if (deck) stops.push(...startPlayback(element, deck, sections, words, groups));
  return () => stops.forEach((stop) => stop());
}

function startPlayback(element, deck, sections, words, groups) {
  const player = createPlayer(deck);
  const follow = createFollow(element.querySelector("[data-follow]"), player);
  const paint = createSpokenPainter(sections);
  let spoken = null;
  player.subscribe((ms) => {
    const word = spokenAt(words, ms);
    if (word === spoken) return;
    spoken = word;
    const range = paint(word);
    if (range) follow.update(range);
  });
  element.addEventListener("click", (event) => playFrom(event, player, follow, groups));
  return [player.stop, follow.stop, createWaveform(deck, player, sections), bindPlayback(player)];
}

function bindPlayback(player) {
  return bindHotkeys({
    "playback.toggle": player.toggle,
    "playback.back": () => player.skip(-STEP_MS),
    "playback.forward": () => player.skip(STEP_MS),
  });
}

// Plays from the time or the word that was clicked.
function playFrom(event, player, follow, groups) {
  const start = event.target.closest("[data-seek]")?.dataset.seek ?? wordUnder(event, groups)?.start;
  if (start === undefined || !getSelection().isCollapsed) return;
  player.seek(Number(start));
  player.play();
  // Audio that is played for a decision is decided on where it was asked for, not at its place in the text.
  if (event.target.closest("[data-text]")) follow.resume();
  else follow.leave();
}

function wordUnder(event, groups) {
  const paragraph = event.target.closest("[data-segment] > p");
  const offset = paragraph && caretOffset(event);
  if (offset === null) return null;
  const word = wordAtOffset(groups[Number(paragraph.parentElement.dataset.segment)], offset);
  return word && touches(rangeOf(paragraph, word), event) ? word : null;
}

function caretOffset({ clientX, clientY }) {
  if (document.caretPositionFromPoint) return document.caretPositionFromPoint(clientX, clientY)?.offset ?? null;
  return document.caretRangeFromPoint?.(clientX, clientY)?.startOffset ?? null;
}

// The caret snaps to the nearest letter; a click beside the text means nothing.
function touches(range, { clientX, clientY }) {
  return [...(range?.getClientRects() ?? [])].some(
    ({ left, right, top, bottom }) =>
      clientX >= left - TOUCH_PX && clientX <= right + TOUCH_PX && clientY >= top - TOUCH_PX && clientY <= bottom + TOUCH_PX,
  );
}
