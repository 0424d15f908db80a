// Texts, their words, and offsets that follow an edit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accepted, between, CERTAIN, confidenceOf, followed, list } from "../../../static/js/editor/protocol/placed_words.js";
import { apply, Rows } from "../../../static/js/editor/protocol/rows.js";
import { mapOffset, merge, spans, tokens, toPoints, toUnits } from "../../../static/js/editor/protocol/text.js";
import { row } from "./support.mjs";

const WORDS = [0, 3, 0, 200, 0, 4, 3, 200, 200, 1, 8, 5, 400, 300, 0]; // one two three

test("offsets on the wire count code points", () => {
  assert.deepEqual([toPoints("a😀b", 3), toUnits("a😀b", 2)], [2, 3]);
  const rows = apply(Rows.of([row("s0", "😀 one two")]), [{ op: "split", id: "s0", was: "😀 one two", at: 6, new: "n", speaker: "1" }]);
  assert.deepEqual(rows.present().map((one) => one.text), ["😀 one", "two"]);
});

test("words of scripts without spaces are their characters", () => {
  assert.deepEqual(tokens("你好 world"), ["你", "好", "world"]);
  assert.equal(merge("你好吗", "你好吗啊", "您好吗"), "您好吗啊");
});

test("of two changes of one word the later one stays, and the other one is told", () => {
  const overwritten = [];
  assert.equal(merge("a b c", "a x c", "a y c", (text) => overwritten.push(text)), "a x c");
  assert.deepEqual(overwritten, ["y"]);
});

test("a changed word beats its removal, and both additions at one gap stay", () => {
  assert.equal(merge("a b c", "a c", "a bb c"), "a bb c");
  assert.equal(merge("a c", "a mine c", "a theirs c"), "a theirs mine c");
});

test("of words that one removed only what the other added stays, and the whole is told", () => {
  const overwritten = [];
  const told = (text) => overwritten.push(text);
  assert.equal(merge("a b c d", "a b x c d", "a", told).trim(), "a x");
  assert.equal(merge("a b c d", "a", "a b x c d", told).trim(), "a x");
  assert.equal(merge("a b c d", "a d", "a", told), "a");
  assert.deepEqual(overwritten.map((text) => text.trim()), ["b x c d", "b x c d"]);
});

test("a blank that one took away doesn't glue the words of two people", () => {
  assert.equal(merge("a ", "a", "a b "), "a b ");
});

test("only what differs is replaced, and offsets follow", () => {
  assert.deepEqual(spans("one two three", "one too three"), [[5, 6, "o"]]);
  assert.equal(mapOffset("one three", "one two three", 9), 13);
});

test("placed words follow the text, and keep their times", () => {
  const moved = list(followed(WORDS, "one two three", "zero one too three"));
  assert.deepEqual(moved.map(({ offset, length, start }) => [offset, length, start]), [[5, 3, 0], [9, 3, 200], [13, 5, 400]]);
  assert.deepEqual(list(followed(WORDS, "one two three", "one three")).map((word) => word.start), [0, 400]);
});

test("a word that is cut is on both sides, with its time", () => {
  assert.deepEqual(list(between(WORDS, 0, 6)).map(({ offset, length, start }) => [offset, length, start]), [[0, 3, 0], [4, 2, 200]]);
  assert.deepEqual(list(between(WORDS, 6, 13)).map(({ offset, length, start }) => [offset, length, start]), [[0, 1, 200], [2, 5, 400]]);
});

test("what was typed in a row that is unknown or gone stays", () => {
  const ops = [{ op: "set_text", id: "x", was: "old", text: "new", after: "s0", speaker: "1" }];
  const rows = apply(Rows.of([row("s0", "one"), row("s1", "two")]), ops);
  assert.deepEqual(rows.present().map((one) => one.text), ["one", "new", "two"]);
  apply(rows, [{ op: "remove", id: "s1", was: "two" }, { op: "set_text", id: "s1", was: "two", text: "two!", after: "x", speaker: "1" }]);
  assert.equal(rows.present().at(-1).text, "two!");
});

const split = (id, was, at, added) => ({ op: "split", id, was, at, new: added, speaker: "1" });
const typed = (id, was, text) => ({ op: "set_text", id, was, text, after: null, speaker: "1" });
const others = { since: 0, knows: () => false };

// What others did: rows that were split off have the number of their change.
function done(rows, ...ops) {
  apply(rows, ops, others);
  for (const { new: id } of ops) if (id) rows.set(id, { born: 1 });
  return rows;
}

const texts = (rows) => rows.present().map((one) => one.text);

test("a word is typed where its neighbours went", () => {
  const rows = done(Rows.of([row("r0", "a b c d")]), split("r0", "a b c d", 4, "n"), { op: "insert", id: "j", after: "r0", speaker: "1", text: "j" }, { op: "merge", id: "n" });
  assert.deepEqual(texts(apply(rows, [typed("r0", "a b c d", "a b c x d")], others)), ["a b", "j c x d"]);
});

test("a row that the author merged takes along what others split off it", () => {
  const rows = done(Rows.of([row("r0", "a b"), row("r1", "c d e f")]), split("r1", "c d e f", 4, "n"));
  apply(rows, [{ op: "merge", id: "r1" }, typed("r0", "a b c d e f", "a b c d e x f")], others);
  assert.deepEqual(texts(rows), ["a b c d", "e x f"]);
});

test("a row that the author split off has what others split off behind it", () => {
  const rows = done(Rows.of([row("r0", "a b c d e f")]), split("r0", "a b c d e f", 8, "n"));
  apply(rows, [split("r0", "a b c d e f", 4, "m"), typed("m", "c d e f", "c d e x f")], others);
  assert.deepEqual(texts(rows), ["a b", "c d", "e x f"]);
});

test("a row that someone put between two that are merged is merged with them", () => {
  const rows = done(Rows.of([row("r0", "a b"), row("r1", "c d")]), { op: "insert", id: "i", after: "r0", speaker: "1", text: "new" });
  rows.set("i", { born: 1 });
  apply(rows, [{ op: "merge", id: "r1", into: "r0" }, typed("r0", "a b c d", "a b c x d")], others);
  assert.deepEqual(texts(rows), ["a b new c x d"]);
});

test("a place in words that were replaced is not inside another word", () => {
  assert.equal(mapOffset("one had came", "one wished", 7), 10);
});

test("a word is typed in a row whose merge was taken back", () => {
  const rows = apply(Rows.of([row("r0", "a b"), row("r1", "c d")]), [{ op: "merge", id: "r1", into: "r0" }], others);
  rows.take([{ ...row("r0", "a b"), after: null, change: 2 }, { ...row("r1", "c d"), after: "r0", change: 2 }]);
  apply(rows, [typed("r0", "a b c d", "a b c x d")], { since: 1, knows: () => false });
  assert.deepEqual(texts(rows), ["a b", "c x d"]);
});

test("a row that someone else put back takes both words", () => {
  const rows = apply(Rows.of([row("r0", "theirs")]), [{ op: "insert", id: "r0", after: null, speaker: "1", text: "mine" }], others);
  assert.deepEqual(texts(rows), ["theirs mine"]);
});

const SURE = ((90 + 1) << 3) | 4;
const withDoubt = (text) => ({ ...row("s0", text), words: [0, 3, 0, 200, SURE, 4, 3, 200, 200, 0, 8, 3, 400, 300, SURE] });
const percents = (rows) => rows.present().map((one) => list(one.words).map(({ flags }) => confidenceOf(flags)));

test("an accepted word is certain and keeps its other marks", () => {
  assert.deepEqual(list(accepted([0, 3, 0, 200, SURE, 4, 3, 200, 200, 2], 4, 5)).map(({ flags }) => [confidenceOf(flags), flags & 7]), [[90, 4], [CERTAIN, 2]]);
});

test("accepted words are found again where the text moved them", () => {
  const accept = { op: "accept", id: "s0", words: [[8, "end"]] };
  assert.deepEqual(percents(apply(Rows.of([withDoubt("one the end")]), [accept])), [[90, null, CERTAIN]]);
  assert.deepEqual(percents(apply(Rows.of([withDoubt("one the end")]), [{ ...accept, words: [[2, "end"]] }])), [[90, null, CERTAIN]]);
  assert.deepEqual(percents(apply(Rows.of([withDoubt("one the day")]), [accept])), [[90, null, 90]]);
});
