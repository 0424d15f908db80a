// What playback needs to know of the text: the word at a time, at a click and in a selection, and where segments are in the audio.
import { rangeIn, selectedSpan } from "../../panels/selection.js";

// A click this close to a word is on it.
const TOUCH_PX = 3;

const isSame = (one, other) => one?.id === other?.id && one?.start === other?.start && one?.offset === other?.offset;

export function createPlayedText(editor) {
  let spoken = null;

  function wordUnder(event) {
    const place = event.target.closest(".seg > .said") && editor.placeAt(event);
    const word = place && editor.wordAt(place.id, place.offset);
    return word && touches(rangeIn(editor, place.id, word.offset, word.offset + word.length), event) ? word : null;
  }

  return {
    // Where each segment begins in the audio, and the colour of its speaker.
    spans: () => {
      const voices = new Map(editor.speakers().map(({ id, number }) => [id, number]));
      return editor.rows().map(({ start_ms: from, speaker }) => ({ from: from ?? 0, voice: voices.get(speaker) ?? 1 }));
    },
    // Paints the word spoken now; returns where it is if it is another than before.
    spoken(ms) {
      const word = editor.spokenAt(ms);
      if (isSame(word, spoken)) return null;
      spoken = word;
      return editor.paint(ms)?.range ?? null;
    },
    startUnder: (event) => wordUnder(event)?.start,
    // The time of a segment is a button.
    startOfButton({ target }) {
      const section = target.closest(".seg > header .at") && target.closest(".seg");
      return section ? editor.rows().find(({ id }) => id === section.dataset.id)?.start_ms : undefined;
    },
    segmentAt(ms) {
      const row = editor.rowAt(ms);
      return row && row.end_ms > row.start_ms ? { from: row.start_ms, to: row.end_ms } : null;
    },
    selected: () => selectedSpan(editor),
  };
}

// The caret snaps to the nearest letter; a click beside the text means nothing.
function touches(range, { clientX, clientY }) {
  return [...(range?.getClientRects() ?? [])].some(
    ({ left, right, top, bottom }) =>
      clientX >= left - TOUCH_PX && clientX <= right + TOUCH_PX && clientY >= top - TOUCH_PX && clientY <= bottom + TOUCH_PX,
  );
}
