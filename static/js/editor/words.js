// Which word is where in the text and in time, and the painting of the spoken and the doubtful ones. The CSS Custom Highlight API
// needs no element a word and no transaction, so undo and the caret never notice.
import { confidenceOf, followed, list } from "./protocol/placed_words.js";

// A word stays marked through the short silence after it.
const LINGER_MS = 350;
const NEAR = "300px";
const DOUBT_BELOW = 40;
const NONE = [];
// Speakers interrupt each other: the word at a moment can be in one of the rows before.
const OVERLAP_ROWS = 3;

// Returns the index of the last row that begins by `ms`, in a list by start.
function lastBy(rows, ms) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].start_ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// Finds words of the document as it is now. `rows()` returns the present rows, `textOf(id)` the text on the page.
export function createWordFinder({ rows, rowOf, textOf }) {
  const memo = new WeakMap();
  let sorted = { rows: null, byStart: [] };

  function wordsOf(id) {
    const row = rowOf(id);
    const text = textOf(id);
    if (!row?.words || text === null) return [];
    const known = memo.get(row);
    if (known?.text === text) return known.words;
    const words = list(followed(row.words, row.text, text)).filter((word) => word.offset + word.length <= text.length);
    memo.set(row, { text, words });
    return words;
  }

  function byStart() {
    const present = rows();
    if (sorted.rows !== present) sorted = { rows: present, byStart: present.slice().sort((one, other) => one.start_ms - other.start_ms) };
    return sorted.byStart;
  }

  return {
    wordsOf,
    rowAt: (ms) => byStart()[lastBy(byStart(), ms)] ?? null,
    wordAt: (id, offset) => wordsOf(id).find((word) => offset >= word.offset && offset <= word.offset + word.length) ?? null,
    // The word that is spoken at a moment: { id, ...word }, or null.
    spokenAt: (ms) => {
      const last = lastBy(byStart(), ms);
      for (let at = last; at >= 0 && at > last - OVERLAP_ROWS; at--) {
        const { id } = byStart()[at];
        const word = wordsOf(id).findLast((one) => one.start <= ms && ms < one.end + LINGER_MS);
        if (word) return { id, ...word };
      }
      return null;
    },
  };
}

// Returns a range of the page, or null. Where a widget divides the text, ProseMirror knows the place.
function rangeOf(view, segment, { offset, length }) {
  const { contentDOM, node } = segment;
  if (offset + length > node.content.size) return null;
  const range = new Range();
  const text = contentDOM.firstChild;
  if (text?.nodeType === Node.TEXT_NODE && text.length === node.content.size) {
    range.setStart(text, offset);
    range.setEnd(text, offset + length);
    return range;
  }
  const pos = segment.getPos() + 1 + offset;
  const [start, end] = [view.domAtPos(pos), view.domAtPos(pos + length)];
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

const isUnsure = ({ flags }) => confidenceOf(flags) !== null && confidenceOf(flags) < DOUBT_BELOW;

// Paints words of a view. `refresh()` follows after each change. Until someone says by `mark` which words are doubtful, those of low
// confidence are.
export function createWordPainter({ view, views, finder }) {
  if (!CSS.highlights) return { refresh() {}, spoken: () => null, mark() {}, end() {} };
  const [heard, doubtful] = [new Highlight(), new Highlight()];
  heard.priority = 1;
  CSS.highlights.set("heard", heard);
  CSS.highlights.set("doubtful", doubtful);
  const near = new Set();
  const watched = new WeakSet();
  const painted = new Map();
  let current = null;
  let marks = null;

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) near[isIntersecting ? "add" : "delete"](target);
    underline();
  }, { rootMargin: NEAR });

  function unpaint(id) {
    painted.get(id)?.ranges.forEach((range) => doubtful.delete(range));
    painted.delete(id);
  }

  function paint(id) {
    const segment = views.get(id);
    const words = !segment ? [] : marks ? marks.get(id) ?? NONE : finder.wordsOf(id);
    const known = painted.get(id);
    // Ranges follow what is typed, and marks are told anew after it; they collapse where text is drawn anew
    const isDrawn = known && !known.ranges.some(({ collapsed }) => collapsed);
    if (isDrawn && known.words === words && (marks || known.node === segment?.node)) return;
    unpaint(id);
    const doubted = marks ? words : words.filter(isUnsure);
    const ranges = doubted.map((word) => rangeOf(view, segment, word)).filter(Boolean);
    ranges.forEach((range) => doubtful.add(range));
    painted.set(id, { node: segment?.node, words, ranges });
  }

  // Only near the view: the browser would measure thousands of ranges at each scroll.
  function underline() {
    const shown = new Set();
    for (const part of near) if (part.isConnected) for (const { dataset } of part.children) shown.add(dataset.id);
    for (const id of [...painted.keys()]) if (!shown.has(id)) unpaint(id);
    shown.forEach(paint);
  }

  function refresh() {
    for (const part of view.dom.children) {
      if (watched.has(part)) continue;
      watched.add(part);
      observer.observe(part);
    }
    underline();
  }

  // Marks the word that is spoken, and returns { id, range } of it, or null.
  function spoken(word) {
    const segment = word && views.get(word.id);
    if (current !== segment?.dom) current?.classList.remove("now");
    current = segment?.dom ?? null;
    current?.classList.add("now");
    heard.clear();
    const range = segment && rangeOf(view, segment, word);
    if (range) heard.add(range);
    return range ? { id: word.id, range } : null;
  }

  return {
    refresh,
    spoken,
    // `found` has { offset, length } of doubtful words by segment.
    mark: (found) => {
      marks = found;
      underline();
    },
    end: () => {
      observer.disconnect();
      CSS.highlights.delete("heard");
      CSS.highlights.delete("doubtful");
    },
  };
}
