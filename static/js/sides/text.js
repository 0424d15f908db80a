// What playback needs to know of the compared text, as `playback/text.js` says it of an edited one.
import { spokenAt, timesOf, wordAt } from "./words.js";

// Where a person pointed: a node and an offset in it.
function pointed({ clientX, clientY }) {
  const place = document.caretPositionFromPoint?.(clientX, clientY);
  if (place) return { node: place.offsetNode, offset: place.offset };
  const range = document.caretRangeFromPoint?.(clientX, clientY);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

export function createComparedText(root) {
  const heard = window.CSS?.highlights ? new Highlight() : null;
  let words = [];
  let spoken = null;
  if (heard) CSS.highlights.set("heard", heard);

  function wordsOfRun(run) {
    const [times, node] = [timesOf(run.dataset.times), run.firstChild];
    return times.map(({ offset, ms }, at) => ({ ms, node, from: offset, to: times[at + 1]?.offset ?? node.length }));
  }

  // Reads the text again, after it was drawn anew.
  function read() {
    const runs = [...root.querySelectorAll("[data-times]")].flatMap((run) => (run.firstChild ? wordsOfRun(run) : []));
    const differing = [...root.querySelectorAll("[data-difference]")].map((node) => ({ ms: Number(node.dataset.from), node }));
    words = [...runs, ...differing].sort((one, other) => one.ms - other.ms);
    spoken = null;
    heard?.clear();
  }

  function rangeOf(word) {
    const range = new Range();
    if (word.to === undefined) range.selectNodeContents(word.node);
    else {
      range.setStart(word.node, word.from);
      range.setEnd(word.node, word.to);
    }
    return range;
  }

  const sections = () => [...root.querySelectorAll("[data-start]")];

  read();
  return {
    read,
    spans: () => sections().map(({ dataset }) => ({ from: Number(dataset.start), voice: Number(dataset.voice) })),
    spoken(ms) {
      const word = spokenAt(words, ms);
      if (!word || word === spoken) return null;
      spoken = word;
      heard?.clear();
      const range = rangeOf(word);
      heard?.add(range);
      return range;
    },
    // A press on a difference plays it as a whole, by the page.
    startUnder(event) {
      const run = event.target.closest("[data-times]");
      const place = run && pointed(event);
      return place && run.contains(place.node) ? wordAt(timesOf(run.dataset.times), place.offset)?.ms : undefined;
    },
    startOfButton: () => undefined,
    segmentAt(ms) {
      const starts = sections().map(({ dataset }) => Number(dataset.start));
      const at = starts.findLastIndex((start) => start <= ms);
      const to = starts[at + 1] ?? words.at(-1)?.ms;
      return at >= 0 && to > starts[at] ? { from: starts[at], to } : null;
    },
    selected() {
      const selection = getSelection();
      if (selection.isCollapsed || !root.contains(selection.anchorNode)) return null;
      const within = words.filter((word) => selection.getRangeAt(0).intersectsNode(word.node) && isIn(selection.getRangeAt(0), word));
      return within.length ? { from: within[0].ms, to: spokenAfter(within.at(-1)) } : null;
    },
    end: () => CSS.highlights?.delete("heard"),
  };

  function isIn(selected, word) {
    const range = rangeOf(word);
    return selected.compareBoundaryPoints(Range.END_TO_START, range) < 0 && selected.compareBoundaryPoints(Range.START_TO_END, range) > 0;
  }

  function spokenAfter(word) {
    return words[words.indexOf(word) + 1]?.ms ?? word.ms + 1_000;
  }
}
