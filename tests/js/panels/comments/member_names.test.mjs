// Which names are offered for what is typed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beginningAt, namesLike } from "../../../../static/js/panels/comments/member_names.js";

const NAMES = ["Erin East", "Olena Marchuk", "Ève Arnaud", "erin@agency.example"];

test("a name begins at an @ before the caret, not inside of a word or an address", () => {
  assert.deepEqual(beginningAt("Ask @Ol", 7), { from: 4, typed: "Ol" });
  assert.deepEqual(beginningAt("(@", 2), { from: 1, typed: "" });
  assert.deepEqual(beginningAt("@Olena Mar and more", 10), { from: 0, typed: "Olena Mar" });
  assert.equal(beginningAt("mail ann@ol", 11), null);
  assert.equal(beginningAt("@Olena is away", 14), null);
  assert.equal(beginningAt("@Ol", 0), null);
});

test("names are found by their beginning or that of one of their words, in any case", () => {
  assert.deepEqual(namesLike(NAMES, "er"), ["Erin East", "erin@agency.example"]);
  assert.deepEqual(namesLike(NAMES, "MAR"), ["Olena Marchuk"]);
  assert.deepEqual(namesLike(NAMES, "è"), ["Ève Arnaud"]);
  assert.deepEqual(namesLike(NAMES, "olena m"), ["Olena Marchuk"]);
  assert.deepEqual(namesLike(NAMES, "rin"), []);
});

test("a complete name offers nothing more, and at most six are offered", () => {
  assert.deepEqual(namesLike(NAMES, "erin east"), []);
  assert.equal(namesLike(Array.from({ length: 9 }, (_, at) => `Ann ${at}`), "").length, 6);
});
