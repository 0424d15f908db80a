// Underlines the subtitles with faults, and frames the one that is shown. Ranges need no elements.
import { rangeIn } from "../selection.js";
import { left } from "./cues.js";

// The browser measures every range at each scroll: those nearest to the current one are enough.
const NEAREST = 200;

export function createCueMarks(editor) {
  if (!globalThis.CSS?.highlights) return { paint() {}, clear() {} };
  const [faulty, now] = [new Highlight(), new Highlight()];
  now.priority = 1;

  function add(highlight, cue) {
    for (const [id, from, to] of cue?.places ?? []) {
      const range = rangeIn(editor, id, from, to);
      if (range) highlight.add(range);
    }
  }

  function clear() {
    for (const name of ["cue-fault", "cue-now"]) CSS.highlights.delete(name);
    faulty.clear();
    now.clear();
  }

  return {
    clear,
    paint({ cues, faults }, current) {
      clear();
      CSS.highlights.set("cue-fault", faulty);
      CSS.highlights.set("cue-now", now);
      const places = [...new Set(left(faults).map(({ cue }) => cue))].sort((one, other) => Math.abs(one - current) - Math.abs(other - current));
      places.slice(0, NEAREST).forEach((at) => add(faulty, cues[at]));
      add(now, cues[current]);
    },
  };
}
