// What follows after a decision, what is alike, what a word could also be, and how the page finds doubts in slices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesFor, inPlaceOf, offeredTerms, placesLike } from "../../../../static/js/panels/doubts/alike.js";
import { createDoubtFinder } from "../../../../static/js/panels/doubts/finder.js";
import { createVocabulary } from "../../../../static/js/panels/doubts/near.js";
import { firstLeft, following, ordered, sameAs } from "../../../../static/js/panels/doubts/order.js";
import { reasonOf } from "../../../../static/js/panels/doubts/wording.js";

const item = (id, from, text, more = {}) => ({ id, from, to: from + text.length, text, kinds: ["confidence"], confidence: 40, start: 0, end: 400, term: "", ...more });

test("after the last item comes the first, and none that touches the current one", () => {
  const [a, b, c, d] = [item("s0", 0, "one two"), item("s0", 4, "two"), item("s0", 20, "three"), item("s1", 0, "four")];
  assert.deepEqual(following([a, b, c, d], c), [d, a, b]);
  assert.deepEqual(following([a, b, c, d], c, -1), [b, a, d]);
  assert.deepEqual(following([a, b, c, d], a), [c, d]);
  assert.deepEqual(following([a, b], null, -1), [b, a]);
});

test("an item is found again where the text moved it, the nearest of several", () => {
  const wanted = item("s0", 10, "dam");
  const found = [item("s0", 2, "dam"), item("s0", 13, "dam"), item("s1", 10, "dam")];
  assert.equal(sameAs(found, wanted), found[1]);
  assert.equal(sameAs(found, item("s0", 10, "gate")), null);
  assert.equal(firstLeft(found, [item("s0", 10, "gate"), item("s1", 0, "dam")]), found[2]);
});

test("one kind is listed alone, by need or by time", () => {
  const some = [item("s0", 0, "a", { kinds: ["name"] }), item("s0", 5, "b", { kinds: ["repeat", "name"] })];
  assert.deepEqual(ordered(some, { order: "need" }).map(({ text }) => text), ["b", "a"]);
  assert.deepEqual(ordered(some, { order: "time", kind: "name" }).map(({ text }) => text), ["a", "b"]);
  assert.deepEqual(ordered(some, { order: "time", kind: "repeat" }).map(({ text }) => text), ["b"]);
});

test("words are alike whatever their capitals and marks, and never as a part of others", () => {
  const rows = [{ id: "s0", text: "Tall vague? The “tall  vague” moved." }, { id: "s1", text: "tall vaguely, tallvague" }];
  assert.deepEqual(placesLike(rows, "tall vague"), [{ id: "s0", from: 0, to: 10 }, { id: "s0", from: 17, to: 28 }]);
  assert.deepEqual(placesLike(rows, "…"), []);
});

test("choices are the term, the word once, and what it was corrected to, each once", () => {
  const corrections = [{ was: "tall vague", became: "thalweg", count: 2 }, { was: "tall vague", became: "talweg", count: 1 }];
  assert.deepEqual(choicesFor(item("s0", 0, "Tall vague", { kinds: ["vocabulary"], term: "thalweg" }), { corrections }), ["thalweg", "talweg"]);
  assert.deepEqual(choicesFor(item("s0", 0, "the the", { kinds: ["repeat"] }), { corrections }), ["the"]);
  assert.deepEqual([inPlaceOf("Tall vague", "thalweg"), inPlaceOf("tall", "thalweg"), inPlaceOf("NATO", "otan")], ["Thalweg", "thalweg", "otan"]);
});

test("what was corrected twice is offered unless it is a term", () => {
  const corrections = [{ was: "a", became: "Podil", count: 2 }, { was: "b", became: "thalweg", count: 3 }, { was: "c", became: "so", count: 1 }];
  assert.deepEqual(offeredTerms(corrections, createVocabulary([{ term: "Thalweg", sounds_like: [] }])), [{ term: "Podil", count: 2, sounds_like: ["a"] }]);
});

test("low confidence alone is shown with the words around it", () => {
  assert.equal(reasonOf(item("s0", 16, "catastrophe"), "harder to fix a catastrophe in which nobody lied"), "Confidence 40 % · “to fix a … in which”");
  assert.equal(reasonOf(item("s0", 0, "1998", { kinds: ["confidence", "number"] }), "1998"), "Confidence 40 % · Number");
});

function editorOf(count) {
  const words = new Map();
  const rows = Array.from({ length: count }, (_, at) => {
    words.set(`s${at}`, [{ offset: 0, length: 3, start: 0, end: 400, flags: (20 + 1) << 3 }]);
    return { id: `s${at}`, text: "dam", speaker: "1", origin: "machine" };
  });
  return { rows: () => rows, wordsOf: (id) => words.get(id), words };
}

test("a long transcript is looked through in slices, and a newer search ends an older one", async () => {
  const editor = editorOf(100);
  let [now, yields] = [0, 0];
  const finder = createDoubtFinder({ editor, settings: () => ({ isOn: true, threshold: 60 }), now: () => (now += 1), yieldTask: async () => { yields += 1; } });
  const [older, newer] = await Promise.all([finder.find(), finder.find()]);
  assert.equal(older, null);
  assert.equal(newer.items.length, 100);
  assert.ok(yields > 20, String(yields));
});

test("after a decision only what changed is another", async () => {
  const editor = editorOf(3);
  const finder = createDoubtFinder({ editor, settings: () => ({ isOn: true, threshold: 60 }), yieldTask: async () => {} });
  const before = await finder.find();
  editor.words.set("s1", [{ offset: 0, length: 3, start: 0, end: 400, flags: (100 + 1) << 3 }]);
  const { items } = finder.findNow();
  assert.deepEqual(items.map(({ id }) => id), ["s0", "s2"]);
  assert.ok(items[0] === before.items[0] && items[1] === before.items[2]);
});

test("nothing is found while a person has the marks off", async () => {
  const finder = createDoubtFinder({ editor: editorOf(3), settings: () => ({ isOn: false, threshold: 60 }), yieldTask: async () => {} });
  assert.deepEqual((await finder.find()).items, []);
  assert.deepEqual(finder.findNow().items, []);
});

test("what is doubtful in a reviewed segment counts as checked", async () => {
  const editor = editorOf(3);
  const finder = createDoubtFinder({ editor, settings: () => ({ isOn: true, threshold: 60 }), yieldTask: async () => {} });
  const { items, settled } = await finder.find();
  const reviewed = { ...editor, rows: () => editor.rows().map((row, at) => ({ ...row, reviewed: at === 0 })) };
  const again = createDoubtFinder({ editor: reviewed, settings: () => ({ isOn: true, threshold: 60 }), yieldTask: async () => {} });
  const found = await again.find();
  assert.ok(items.some(({ id }) => id === editor.rows()[0].id));
  assert.ok(!found.items.some(({ id }) => id === editor.rows()[0].id));
  assert.equal(found.items.length + found.settled, items.length + settled);
});
