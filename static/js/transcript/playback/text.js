// What playback needs to know of the text: the word at a time, at a click and in a selection, and where segments are in the audio.
import { createSpokenPainter, paintDoubtful, rangeOf } from "./highlights.js";
import { bySegment, indexWords, spanBetween, spokenAt, wordAtOffset } from "./word_index.js";

// A click this close to a word is on it.
const TOUCH_PX = 3;

export function createPlayedText(root) {
  const sections = [...root.querySelectorAll("[data-segment]")];
  const words = indexWords(JSON.parse(document.getElementById("words").textContent));
  const groups = bySegment(words, sections.length);
  const paint = createSpokenPainter(sections);
  const stop = paintDoubtful(root.querySelector("[data-text]"), sections, groups);
  let spoken = null;

  return {
    sections,
    // Paints the word spoken now; returns where it is if it is another than before.
    spoken(ms) {
      const word = spokenAt(words, ms);
      if (word === spoken) return null;
      spoken = word;
      return paint(word);
    },
    startUnder: (event) => wordUnder(event, groups)?.start,
    // The part of the audio in which a segment is, and the next one is not.
    segmentAt(ms) {
      const at = sections.findLastIndex((section) => Number(section.dataset.start) <= ms);
      if (at < 0) return null;
      const ends = groups[at].map(({ end }) => end);
      return ends.length ? { from: Number(sections[at].dataset.start), to: Math.max(...ends) } : null;
    },
    selected() {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return null;
      const range = selection.getRangeAt(0);
      const from = placeOf(range.startContainer, range.startOffset);
      const to = placeOf(range.endContainer, range.endOffset);
      return from && to && spanBetween(groups, from, to);
    },
    stop,
  };
}

function placeOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const section = element.closest("[data-segment]");
  if (!section) return null;
  const isText = node.nodeType === Node.TEXT_NODE && node.parentElement.matches("[data-segment] > p");
  return { segment: Number(section.dataset.segment), offset: isText ? offset : 0 };
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
