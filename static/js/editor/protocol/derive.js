// Operations from two versions of the text, compared at rest. Nothing depends on how it was changed: undo, paste, drag and input
// methods need no case of their own.
import { apply } from "./rows.js";
import { hunks, tokens, toPoints, wordOffsets } from "./text.js";

const isSame = (one, other) =>
  one === other || (one.id === other.id && one.text === other.text && one.speaker === other.speaker);

// Returns what differs between two lists of rows, or null: `had` and `wanted` without what is the same before and after them,
// from index `first` on, and the ids in `stays` of rows that are in both in the same order.
export function difference(have, target) {
  let first = 0;
  let [end, targetEnd] = [have.length, target.length];
  while (first < end && first < targetEnd && isSame(have[first], target[first])) first++;
  while (end > first && targetEnd > first && isSame(have[end - 1], target[targetEnd - 1])) { end--; targetEnd--; }
  if (first === end && first === targetEnd) return null;
  const [had, wanted] = [have.slice(first, end), target.slice(first, targetEnd)];
  return { have, target, first, had, wanted, stays: inOrder(had, wanted) };
}

function inOrder(had, wanted) {
  const ranks = new Map(had.map((row, index) => [row.id, index]));
  const stays = new Set();
  let highest = -1;
  for (const { id } of wanted) {
    if (!(ranks.get(id) > highest)) continue;
    highest = ranks.get(id);
    stays.add(id);
  }
  return stays;
}

// Calls `act(start, run)` for each run of rows that aren't in `stays`.
function eachRun(rows, stays, act) {
  for (let start = 0; start < rows.length; start++) {
    if (stays.has(rows[start].id)) continue;
    let end = start + 1;
    while (end < rows.length && !stays.has(rows[end].id)) end++;
    act(start, rows.slice(start, end));
    start = end;
  }
}

// Returns the words of rows in one list, each with the id of its row.
function wordsOf(rows) {
  const owners = [];
  const words = rows.flatMap((row) => tokens(row.text).map((word) => (owners.push(row.id), word)));
  return { words, owners };
}

// Calls `act(index, otherIndex)` for each word that both lists have.
function eachCommon(words, others, act) {
  let [at, other] = [0, 0];
  const passTo = (end) => { while (at < end) act(at++, other++); };
  for (const [from, to, , otherTo] of hunks(words, others)) {
    passTo(from);
    [at, other] = [to, otherTo];
  }
  passTo(words.length);
}

// Rows that went are merged into the one before if words of theirs are still there: in it, or in rows that came after it.
function gone({ had, wanted, stays }, emit) {
  eachRun(had, stays, (start, run) => {
    const kept = new Set();
    if (start) {
      const { words, owners } = wordsOf(had.slice(start - 1, start + run.length));
      const from = wanted.findIndex((row) => row.id === had[start - 1].id);
      const next = wanted.findIndex((row, index) => index > from && stays.has(row.id));
      eachCommon(words, wordsOf(wanted.slice(from, next < 0 ? undefined : next)).words, (at) => kept.add(owners[at]));
    }
    for (const { id, text } of run) emit(kept.has(id) ? { op: "merge", id, into: had[start - 1].id } : { op: "remove", id, was: text });
  });
}

// Returns where in the text of the row before a run each of its rows begins.
function cuts(text, before, run) {
  const offsets = wordOffsets(text);
  const { words, owners } = wordsOf([before, ...run]);
  const found = new Map();
  eachCommon(tokens(text), words, (at, other) => { if (!found.has(owners[other])) found.set(owners[other], offsets[at]); });
  return found;
}

const isThere = (rows, id) => rows.has(id) && !rows.get(id).gone;

// Rows that came are split off the one before if their words were there, and inserted if not.
function come({ target, wanted, first, stays }, rows, emit) {
  eachRun(wanted, stays, (start, run) => {
    const before = target[first + start - 1];
    const places = start ? cuts(rows.get(before.id).text, before, run) : new Map();
    for (const { id, speaker } of run.slice().reverse()) {
      if (!places.has(id) || isThere(rows, id)) continue;
      const was = rows.get(before.id).text;
      emit({ op: "split", id: before.id, was, at: toPoints(was, places.get(id)), new: id, speaker });
    }
    run.forEach(({ id, speaker, text }, index) => {
      if (!isThere(rows, id)) emit({ op: "insert", id, after: (run[index - 1] ?? before)?.id ?? null, speaker, text });
    });
  });
}

function remaining({ target, wanted, first }, rows, emit) {
  const speakers = new Map();
  wanted.forEach(({ id, text, speaker }, index) => {
    const row = rows.get(id);
    const after = target[first + index - 1]?.id ?? null;
    if (row.text !== text) emit({ op: "set_text", id, was: row.text, text, after, speaker });
    if (row.speaker !== speaker) speakers.set(speaker, [...(speakers.get(speaker) ?? []), id]);
  });
  for (const [speaker, ids] of speakers) emit({ op: "set_speaker", ids, speaker });
}

// Includes the row before, which may give words to what changed or take some from it.
export function widened(change) {
  if (!change.first) return change;
  const row = change.have[change.first - 1];
  const { have, target, first, had, wanted, stays } = change;
  const other = target[first - 1];
  return { have, target, first: first - 1, had: [row, ...had], wanted: [other, ...wanted], stays: new Set([row.id, ...stays]) };
}

// Returns the operations that turn `rows` into `target`, a list of { id, speaker, text }. Each is also done on a copy, so they
// are right by construction.
export function derive(rows, target) {
  const found = difference(rows.present(), target);
  if (!found) return [];
  const change = widened(found);
  const copy = rows.clone();
  const ops = [];
  const emit = (op) => {
    ops.push(op);
    apply(copy, [op]);
  };
  gone(change, emit);
  come(change, copy, emit);
  remaining(change, copy, emit);
  return ops;
}
