// The page's copy of the rules of doubt, held to the cases of the server's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createVocabulary } from "../../../../static/js/panels/doubts/near.js";
import { capitalsIn, factsOf, inOrderOfNeed, itemsOf, namesIn, settledIn } from "../../../../static/js/panels/doubts/rules.js";

const CASES = JSON.parse(readFileSync(new URL("../../../document/doubt_cases.json", import.meta.url)));
const WORD_MS = 400;
const MARKED = /(?:(“))?\{([^}]*)\}/u;

// Reads "so {41}be it", as tests/document/test_doubts.py does.
function segmentOf(marked) {
  const words = [];
  let text = "";
  marked.split(/\s+/u).forEach((part, number) => {
    const percent = MARKED.exec(part)?.[2] ?? "95";
    const said = part.replace(MARKED, (_, mark) => mark ?? "");
    const flags = (/[?=]/u.test(percent) ? 0 : (Number(percent) + 1) << 3) | (percent === "=" ? 2 : 0);
    text += `${text && " "}${said}`;
    words.push({ offset: text.length - said.length, length: said.length, start: number * WORD_MS, end: (number + 1) * WORD_MS, flags });
  });
  return { text, words };
}

function levelsOf([from, to]) {
  const peaks = Array.from({ length: 100 }, (_, at) => (at * WORD_MS >= from && at * WORD_MS < to ? 0 : 90));
  return { peaks, durationMs: 100 * WORD_MS };
}

function found({ says, human: isHuman = false, threshold = 60, terms = [], silent = [0, 0] }) {
  const vocabulary = createVocabulary(terms.map(([term, sounds]) => ({ term, sounds_like: sounds })));
  const segments = says.map(segmentOf);
  const facts = segments.map(({ text, words }) => factsOf(text, words, { isHuman, levels: levelsOf(silent) }));
  const names = namesIn(facts.map((some) => ({ capitals: capitalsIn(some), count: some.length })));
  return segments.flatMap(({ text }, number) =>
    itemsOf(text, facts[number], { threshold, names, near: vocabulary.nearMisses(facts[number]), isKnown: vocabulary.isKnown })
      .map((item) => [number, item.text, item.kinds, ...(item.term ? [item.term] : [])]));
}

for (const one of CASES) test(`doubtful: ${one.name}`, () => assert.deepEqual(found(one), one.items));

test("the most pressing items come first, then the least sure", () => {
  const item = (text, kind, confidence) => ({ text, kinds: [kind], confidence });
  const some = [item("a", "name", 20), item("b", "confidence", 50), item("c", "confidence", 40), item("d", "vocabulary", 80), item("e", "number", null)];
  assert.deepEqual(inOrderOfNeed(some).map(({ text }) => text), ["d", "c", "b", "e", "a"]);
});

test("stretches that people settled are counted in segments that they changed", () => {
  const { text, words } = segmentOf("{100}so {100}be it {100}then");
  const facts = factsOf(text, words, { isHuman: true });
  assert.deepEqual([settledIn(facts, true), settledIn(facts, false)], [2, 0]);
});
