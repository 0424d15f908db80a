// The transcript page: sound, waveform and text move together.
import { createFollow } from "./playback/follow.js";
import { watchKeys } from "./playback/keys.js";
import { heardPainter, paintDoubts, rangeOf } from "./playback/highlights.js";
import { createPlayer } from "./playback/player.js";
import { createWave } from "./playback/waveform.js";
import { bySegment, index, spokenAt, wordAtOffset } from "./playback/word_index.js";

export function reader(element) {
  const sections = [...element.querySelectorAll("[data-segment]")];
  const words = index(JSON.parse(document.getElementById("words").textContent));
  const groups = bySegment(words, sections.length);
  const stops = [paintDoubts(element.querySelector("[data-text]"), sections, groups)];
  const deck = element.querySelector("[data-deck]");
  if (deck) stops.push(...playing(element, deck, sections, words, groups));
  return () => stops.forEach((stop) => stop());
}

function playing(element, deck, sections, words, groups) {
  const player = createPlayer(deck);
  const follow = createFollow(element.querySelector("[data-follow]"), player);
  const paint = heardPainter(sections);
  let present = null;
  player.listen((ms) => {
    const word = spokenAt(words, ms);
    if (word === present) return;
    present = word;
    const range = paint(word);
    if (range) follow.see(range);
  });
  element.addEventListener("click", (event) => clicked(event, player, follow, groups));
  return [player.stop, follow.stop, createWave(deck, player, sections), watchKeys(player)];
}

function clicked(event, player, follow, groups) {
  const start = event.target.closest("[data-seek]")?.dataset.seek ?? wordUnder(event, groups)?.start;
  if (start === undefined || !getSelection().isCollapsed) return;
  player.seek(Number(start));
  player.play();
  // What is heard for a decision is decided where it is asked, not where it is written.
  if (event.target.closest("[data-text]")) follow.back();
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

// The caret snaps to the nearest letter; a click beside the lines means nothing.
function touches(range, { clientX, clientY }) {
  return [...(range?.getClientRects() ?? [])].some(
    (box) => clientX >= box.left - 3 && clientX <= box.right + 3 && clientY >= box.top - 3 && clientY <= box.bottom + 3,
  );
}
