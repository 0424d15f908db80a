// Words of a text, the difference between two texts, three-way merges, and offsets that follow an edit.
//
// The server decides how edits are merged. This copy of its rules need only be nearly right, because the page takes the
// rows that come back.

// Named one by one, because `\s` is not the same in JavaScript and Python.
const BLANK = "\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
// Scripts that are written without spaces: each character is a piece of its own.
const UNSPACED = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"].map((name) => `\\p{Script=${name}}`).join("");
const UNIT = `[${UNSPACED}]\\p{M}*|[^${BLANK}${UNSPACED}]+`;
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const WORD = new RegExp(UNIT, "gu");
const PIECE = new RegExp(`[${BLANK}]|${UNIT}`, "gu");
const LEADING = new RegExp(`^[${BLANK}]+`, "u");
const TRAILING = new RegExp(`[${BLANK}]+$`, "u");
// A larger difference is one block: the table of the comparison grows with the product of both sides.
const MOST_CELLS = 250_000;

export const tokens = (text) => text.match(WORD) ?? [];
// Each blank is a piece, so that two people who add words at one gap don't collide.
const pieces = (text) => text.match(PIECE) ?? [];
export const wordOffsets = (text) => Array.from(text.matchAll(WORD), (match) => match.index);
export const leadingBlanks = (text) => LEADING.exec(text)?.[0].length ?? 0;
export const trailingBlanks = (text) => TRAILING.exec(text)?.[0].length ?? 0;
export const trimStart = (text) => text.slice(leadingBlanks(text));
export const trimEnd = (text) => text.slice(0, text.length - trailingBlanks(text));
// Two words beside each other come from two texts: one author took away the blank beside which the other one typed.
const isWord = (piece) => piece !== undefined && piece !== "" && !leadingBlanks(piece) && !STARTS_UNSPACED.test(piece);
const spaced = (some) => some.filter(Boolean).flatMap((piece, at, all) => (isWord(piece) && isWord(all[at - 1]) ? [" ", piece] : [piece]));
const hasWords = (some) => some.some((piece) => !leadingBlanks(piece));

// Returns what belongs between two texts that become one.
export const gapBetween = (left, right) => (left && right && !trailingBlanks(left) && !leadingBlanks(right) ? " " : "");

// Offsets travel as code points, and browsers count UTF-16 units.
export const toPoints = (text, units) => [...text.slice(0, units)].length;
export const toUnits = (text, points) => [...text].slice(0, points).join("").length;

// Returns [from, to, otherFrom, otherTo] for each place where `one` and `other` differ.
export function hunks(one, other) {
  let start = 0;
  let [end, otherEnd] = [one.length, other.length];
  while (start < end && start < otherEnd && one[start] === other[start]) start++;
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) { end--; otherEnd--; }
  const [rows, columns] = [end - start, otherEnd - start];
  if (!rows && !columns) return [];
  if (!rows || !columns || rows * columns > MOST_CELLS) return [[start, end, start, otherEnd]];
  return trace(one.slice(start, end), other.slice(start, otherEnd), start);
}

// The length of the longest common subsequence from each pair of places on.
function commonLengths(one, other) {
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      const skipped = Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
      lengths[i * width + j] = one[i] === other[j] ? lengths[(i + 1) * width + j + 1] + 1 : skipped;
    }
  }
  return lengths;
}

function trace(one, other, start) {
  const lengths = commonLengths(one, other);
  const width = other.length + 1;
  const found = [];
  let open = null;
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      [open, i, j] = [null, i + 1, j + 1];
      continue;
    }
    if (!open) found.push(open = [start + i, start + i, start + j, start + j]);
    const isAdded = j < other.length && (i === one.length || lengths[i * width + j + 1] >= lengths[(i + 1) * width + j]);
    if (isAdded) open[3] = start + ++j;
    else open[1] = start + ++i;
  }
  return found;
}

// Changes that overlap, or insert at the same gap, are one region.
function regions(mine, now) {
  const changes = [...mine.map((hunk) => [0, hunk]), ...now.map((hunk) => [1, hunk])];
  changes.sort(([, one], [, other]) => one[0] - other[0] || one[1] - other[1]);
  const found = [];
  for (const [side, hunk] of changes) {
    const last = found.at(-1);
    const isSame = last && last.from === hunk[0] && last.to === hunk[1];
    if (last && (isSame || (last.from < hunk[1] && hunk[0] < last.to))) last.to = Math.max(last.to, hunk[1]);
    else found.push({ from: hunk[0], to: hunk[1], sides: [[], []] });
    found.at(-1).sides[side].push(hunk);
  }
  return found;
}

// What one side has in a region.
function reading(region, hunksOfSide, side) {
  const [first, last] = [hunksOfSide[0], hunksOfSide.at(-1)];
  return side.slice(first[2] - (first[0] - region.from), last[3] + (region.to - last[1]));
}

const joinedWords = (some) => some.filter((piece) => !leadingBlanks(piece)).join(" ");

// What one side put in a region, without what was there.
const added = (hunksOfSide, side) => hunksOfSide.flatMap(([, , from, to]) => side.slice(from, to));

// What is left of a region that one side removed, and what the other side added to it: the rest may have been moved, and would be
// there twice.
function keepAdded(removed, put, whole, onOverwritten) {
  if (!hasWords(put)) return removed;
  if (joinedWords(put) !== joinedWords(whole)) onOverwritten(whole.join(""));
  return [...removed, gapBetween(removed.join(""), put.join("")), ...put];
}

// Both stay if both were inserted. Of two changes the later one stays, and the server returns the other one as a conflict.
function decide(was, mine, now, onOverwritten) {
  const [ours, theirs] = [mine.reading, now.reading];
  if (ours.join("") === theirs.join("")) return ours;
  if (!hasWords(was)) return [...theirs, gapBetween(theirs.join(""), ours.join("")), ...ours];
  if (!hasWords(ours)) return keepAdded(ours, now.added, theirs, onOverwritten);
  if (!hasWords(theirs)) return keepAdded(theirs, mine.added, ours, onOverwritten);
  onOverwritten(theirs.join(""));
  return ours;
}

// Puts what `mine` changed in `was` into `now`. `onOverwritten(text)` is told what of `now` that replaces.
export function merge(was, mine, now, onOverwritten = () => {}) {
  if (was === now || mine === now) return mine;
  if (was === mine) return now;
  const [base, ours, theirs] = [was, mine, now].map(pieces);
  const merged = [];
  let at = 0;
  for (const region of regions(hunks(base, ours), hunks(base, theirs))) {
    const [our, their] = region.sides;
    merged.push(...base.slice(at, region.from));
    if (!their.length) merged.push(...reading(region, our, ours));
    else if (!our.length) merged.push(...reading(region, their, theirs));
    else {
      const [mineThere, nowThere] = [[our, ours], [their, theirs]].map(([some, side]) => ({ reading: reading(region, some, side), added: added(some, side) }));
      merged.push(...decide(base.slice(region.from, region.to), mineThere, nowThere, onOverwritten));
    }
    at = region.to;
  }
  return spaced(merged.concat(base.slice(at))).join("");
}

// Returns [from, to, inserted] in characters for each run of pieces that differs.
function changes(one, other) {
  if (one === other) return [];
  const [before, after] = [pieces(one), pieces(other)];
  const offsets = [0];
  for (const piece of before) offsets.push(offsets.at(-1) + piece.length);
  return hunks(before, after).map(([from, to, otherFrom, otherTo]) => [offsets[from], offsets[to], after.slice(otherFrom, otherTo).join("")]);
}

// Returns [from, to, inserted] in characters for each change that turns one text into the other: whole words, without the
// letters that both have.
export const spans = (one, other) => changes(one, other).map(([from, to, inserted]) => tightened(one, from, to, inserted));

function tightened(text, from, to, inserted) {
  let [start, end, length] = [0, 0, Math.min(to - from, inserted.length)];
  while (start < length && text[from + start] === inserted[start]) start++;
  while (end < length - start && text[to - 1 - end] === inserted[inserted.length - 1 - end]) end++;
  return [from + start, to - end, inserted.slice(start, inserted.length - end)];
}

// Returns where an offset of the text is after the changes of `spans`. At an insertion it stays before what is inserted
// if `bias` is negative. Inside what was replaced it is at the end of the replacement, or at its start.
export function mapThrough(changes, offset, bias = 1) {
  let shift = 0;
  for (const [from, to, inserted] of changes) {
    if (offset < from || (offset === from && (from < to || bias < 0))) break;
    if (offset < to) return from + shift + (bias < 0 ? 0 : inserted.length);
    shift += inserted.length - (to - from);
  }
  return offset + shift;
}

// Between whole words: a place in words that were replaced is not inside another word.
export const mapOffset = (one, other, offset) => mapThrough(changes(one, other), offset);
