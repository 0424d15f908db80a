// What the panels decide without a browser: speakers, selections, times, conflicts, quotations, faces.
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterMessage, sourcesOf } from "../../../static/js/panels/conflicts.js";
import { byPerson, initialsOf, sentenceOf } from "../../../static/js/panels/faces.js";
import { copyWith, momentOf, quotation, setCopyWith } from "../../../static/js/panels/quotes.js";
import { wordsOf } from "../../../static/js/panels/save_state.js";
import { assignment } from "../../../static/js/panels/selection.js";
import { choicesFor, talkTimes } from "../../../static/js/panels/speakers/talk_times.js";
import { formatTime, readTime } from "../../../static/js/panels/time_text.js";
import { firstWordBack, lastWordForward } from "../../../static/js/panels/times.js";
import { Storage } from "../support.mjs";

const SPEAKERS = [{ id: "1", label: "Speaker 1", number: 1 }, { id: "2", label: "Tomás Berg", number: 2 }, { id: "3", label: "Nobody here", number: 3 }];
const ROWS = [{ id: "a", speaker: "1", start_ms: 0, end_ms: 1_000 }, { id: "b", speaker: "2", start_ms: 1_000, end_ms: 4_000 }, { id: "c", speaker: "", start_ms: 4_000, end_ms: 9_000 }];

function counter() {
  let count = 0;
  return () => `n${++count}`;
}

test("speakers are sorted by talk time, those without a segment left out", () => {
  assert.deepEqual(talkTimes(ROWS, SPEAKERS).map(({ id, ms, count, share }) => [id, ms, count, share]), [["2", 3_000, 1, 0.75], ["1", 1_000, 1, 0.25]]);
  assert.equal(talkTimes([{ id: "x", speaker: "1" }], SPEAKERS)[0].ms, 0);
});

test("what is typed fits names by their words, whatever the accents", () => {
  const kinds = (typed) => choicesFor({ typed, speakers: SPEAKERS, current: { ...SPEAKERS[0], count: 41 }, names: ["Tomas Other", "Olena Marchuk"] }).map(({ kind, label, speaker }) => [kind, label ?? speaker]);
  assert.deepEqual(kinds("berg"), [["assign", "2"], ["rename", "berg"], ["add", "berg"]]);
  assert.deepEqual(kinds("tomas berg"), [["assign", "2"]]);
  assert.deepEqual(kinds("ole"), [["rename", "ole"], ["add", "ole"], ["name", "Olena Marchuk"]]);
});

test("a new name is offered for all segments or for the selection", () => {
  const [rename, add] = choicesFor({ typed: "Ana", speakers: SPEAKERS, current: { ...SPEAKERS[0], count: 41 }, names: [] });
  assert.equal(rename.text, "Rename “Speaker 1” to “Ana” in all 41 segments");
  assert.equal(add.text, "“Ana” for this selection only");
  assert.deepEqual(choicesFor({ typed: "Ana", speakers: [], current: null, names: [] }).map(({ kind }) => kind), ["add"]);
});

test("a caret or several segments are given to a speaker whole", () => {
  const piece = { id: "a", speaker: "1", text: "one two", from: 3, to: 3 };
  assert.deepEqual(assignment([piece], "2", counter()), [{ op: "set_speaker", ids: ["a"], speaker: "2" }]);
  assert.deepEqual(assignment([piece, { ...piece, id: "b" }], "2", counter())[0].ids, ["a", "b"]);
});

test("a part of a segment becomes a segment of its own, counted in code points", () => {
  const text = "👍 one two three";
  assert.deepEqual(assignment([{ id: "a", speaker: "1", text, from: 3, to: 6 }], "2", counter()), [
    { op: "split", id: "a", was: text, at: 5, new: "n1", speaker: "1" },
    { op: "split", id: "a", was: "👍 one", at: 2, new: "n2", speaker: "2" },
    { op: "set_speaker", ids: ["n2"], speaker: "2" },
  ]);
  assert.deepEqual(assignment([{ id: "a", speaker: "1", text: "one two", from: 0, to: 3 }], "2", counter()).map(({ op }) => op), ["split", "set_speaker"]);
});

test("times are read as they are written", () => {
  assert.equal(formatTime(3_723_456), "1:02:03.456");
  assert.deepEqual(["1:02:03.456", "2:03", "3.5", "0:00:01,25", "90"].map((text) => readTime(text)), [3_723_456, 123_000, 3_500, 1_250, 90_000]);
  assert.deepEqual(["", "x", "1:75", "1:99:00", "-3", "1:2:3:4"].map((text) => readTime(text)), Array(6).fill(null));
  assert.deepEqual([readTime("-1.5", { isSigned: true }), readTime("+2", { isSigned: true })], [-1_500, 2_000]);
});

test("a boundary is moved by a word as a split and a merge", () => {
  assert.deepEqual(firstWordBack({ id: "b", text: "so be it", speaker: "1" }).map(({ op, at }) => [op, at]), [["split", 3], ["merge", undefined]]);
  assert.deepEqual(firstWordBack({ id: "b", text: "so", speaker: "1" }), []);
  const ops = lastWordForward({ id: "a", text: "one two" }, { id: "b", speaker: "2" });
  assert.deepEqual(ops.map(({ op, at, id }) => [op, at, id]), [["split", 4, "a"], ["set_speaker", undefined, undefined], ["merge", undefined, "b"]]);
  assert.deepEqual(lastWordForward({ id: "a", text: "one" }, { id: "b", speaker: "2" }), []);
});

test("conflicts are added, replaced and resolved by messages", () => {
  const open = [{ id: 1 }, { id: 2 }];
  assert.deepEqual(afterMessage(open, { type: "edit", conflicts: [{ id: 3 }, { id: 1, resolved: true }] }).map(({ id }) => id), [2, 3]);
  assert.deepEqual(afterMessage(open, { type: "edit", gone_conflicts: [2] }).map(({ id }) => id), [1]);
  assert.deepEqual(afterMessage(open, { type: "hello", conflicts: [{ id: 9 }] }).map(({ id }) => id), [9]);
  assert.equal(afterMessage(open, { type: "edit" }), open);
  assert.equal(sourcesOf({ by: "Ana Lima" }).kept, "Ana Lima");
  assert.equal(sourcesOf({ by: "" }).offered, "New transcription");
});

test("a quotation has its speaker, date, time and a link to the moment", () => {
  const text = quotation({ pieces: [{ label: "Dr Hale", text: "Gates are steel." }], title: "Dams", date: "3 May 2026", startMs: 65_000, address: "http://x/t/" });
  assert.equal(text, "“Gates are steel.”\n— Dr Hale, Dams, 3 May 2026, 1:05\nhttp://x/t/#t=1:05");
  const two = quotation({ pieces: [{ label: "A", text: "Yes." }, { label: "B", text: "No." }], title: "Dams", date: "", startMs: 0, address: "/" });
  assert.match(two, /^A: “Yes.”\nB: “No.”\n— Dams, 0:00/);
});

test("a link leads to its moment", () => {
  assert.deepEqual(["#t=1:05", "#t=1:02:03", "#t=x", ""].map(momentOf), [65_000, 3_723_000, null, null]);
});

test("copying with speakers is remembered", () => {
  const storage = new Storage();
  setCopyWith("speakers", storage);
  assert.equal(copyWith(storage), "speakers");
  setCopyWith("", storage);
  assert.equal(copyWith(storage), "");
});

test("a person on two pages is one face, the page that edits first", () => {
  const people = [{ user: 1, name: "Ana Maria Lima", editing: false }, { user: 1, name: "Ana Maria Lima", editing: true }];
  assert.deepEqual(byPerson(people).map(sentenceOf), ["Ana Maria Lima is editing"]);
  assert.deepEqual(["Ana Maria Lima", "Olena", "אנה"].map(initialsOf), ["AL", "O", "א"]);
});

test("a refused change is copied by its words", () => {
  assert.equal(wordsOf([{ op: "set_text", text: "One." }, { op: "remove", id: "a" }, { op: "add_speaker", label: "Ana" }]), "One.\n\nAna");
});
