// Finds the doubtful words of the transcript as it is now: at first in slices, so that a long one never holds up the page, then
// from what is known of each segment.
import { createVocabulary } from "./near.js";
import { factsOf, itemsOf, namesIn, settledIn } from "./rules.js";

const SLICE_MS = 8;
const nextTask = () => new Promise((done) => setTimeout(done));

// `settings()` returns { isOn, threshold } of the person, the threshold in percent.
export function createDoubtFinder({ editor, settings, yieldTask = nextTask, now = () => performance.now() }) {
  let known = new WeakMap(); // by the list of a segment's words, which is another one after each change
  let misses = new WeakMap();
  let levels = null;
  let vocabulary = createVocabulary([]);
  let run = 0;
  let found = { items: [], settled: 0 };

  function factsIn({ id, text, origin }) {
    const words = editor.wordsOf(id);
    const isHuman = origin === "human";
    const facts = known.get(words);
    if (facts?.isHuman === isHuman) return facts.facts;
    const fresh = factsOf(text, words, { isHuman, levels });
    if (words.length) known.set(words, { facts: fresh, isHuman });
    return fresh;
  }

  function nearIn(facts) {
    if (!vocabulary.size || !facts.length) return [];
    if (!misses.has(facts)) misses.set(facts, vocabulary.nearMisses(facts));
    return misses.get(facts);
  }

  function assemble(read) {
    const { isOn, threshold } = settings();
    const names = namesIn(read.map(({ facts }) => facts));
    const items = !isOn ? [] : read.flatMap(({ row, facts, near }) =>
      itemsOf(row.text, facts, { threshold, names, near, isKnown: vocabulary.isKnown }).map((item) => ({ id: row.id, speaker: row.speaker, ...item })));
    found = { items, settled: read.reduce((sum, { row, facts }) => sum + settledIn(facts, row.origin === "human"), 0) };
    return found;
  }

  function read(row) {
    const facts = factsIn(row);
    return { row, facts, near: nearIn(facts) };
  }

  return {
    get found() { return found; },
    get vocabulary() { return vocabulary; },
    // Resolves to what is found, or to null if another search began.
    find: async () => {
      const mine = ++run;
      const rows = editor.rows();
      const done = [];
      let since = now();
      for (const row of rows) {
        done.push(read(row));
        if (now() - since < SLICE_MS) continue;
        await yieldTask();
        if (mine !== run) return null;
        since = now();
      }
      await yieldTask();
      return mine === run ? assemble(done) : null;
    },
    // Finds at once, after a decision: of most segments all is known.
    findNow: () => {
      run += 1;
      return assemble(editor.rows().map(read));
    },
    useLevels: (made) => {
      levels = made;
      known = new WeakMap();
    },
    useTerms: (terms) => {
      vocabulary = createVocabulary(terms);
      misses = new WeakMap();
    },
  };
}
