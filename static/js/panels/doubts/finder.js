// Finds the doubtful words of the transcript as it is now: at first in slices, so that a long one never holds up the page, then
// from what is known of each segment.
import { createVocabulary } from "./near.js";
import { capitalsIn, factsOf, itemsOf, namesIn, rareAmong, settledIn } from "./rules.js";

const SLICE_MS = 8;
const nextTask = () => new Promise((done) => setTimeout(done));

// `settings()` returns { isOn, threshold } of the person, the threshold in percent.
export function createDoubtFinder({ editor, settings, yieldTask = nextTask, now = () => performance.now() }) {
  let known = new WeakMap(); // by the list of a segment's words, which is another one after each change
  let levels = null;
  let vocabulary = createVocabulary([]);
  let run = 0;
  let found = { items: [], settled: 0 };

  // What is known of a segment as it is now.
  function read({ id, text, speaker, origin, reviewed }) {
    const words = editor.wordsOf(id);
    const isHuman = origin === "human";
    const before = known.get(words);
    if (before?.isHuman === isHuman) return Object.assign(before, { isReviewed: Boolean(reviewed) });
    const facts = factsOf(text, words, { isHuman, levels });
    const segment = { id, text, speaker, isHuman, isReviewed: Boolean(reviewed), facts, capitals: capitalsIn(facts), count: facts.length, settled: settledIn(facts, isHuman), near: null, basis: "", items: [] };
    if (words.length) known.set(words, segment);
    return segment;
  }

  // The items of a segment are what they were if nothing that they depend on is another.
  function itemsIn(segment, threshold, names) {
    const { id, text, speaker, facts } = segment;
    segment.near ??= vocabulary.size ? vocabulary.nearMisses(facts) : [];
    const basis = `${threshold} ${rareAmong(segment.capitals, names)}`;
    if (segment.basis !== basis) {
      const items = itemsOf(text, facts, { threshold, names, near: segment.near, isKnown: vocabulary.isKnown });
      Object.assign(segment, { basis, items: items.map((item) => ({ id, speaker, ...item })) });
    }
    return segment.isReviewed ? [] : segment.items;
  }

  // What was doubtful in a reviewed segment is settled as well.
  const settledOf = ({ settled, isReviewed, items }) => settled + (isReviewed ? items.length : 0);

  function finish(segments, items) {
    found = { items, settled: segments.reduce((sum, segment) => sum + settledOf(segment), 0) };
    return found;
  }

  // Does `act` for each, and lets the page do other things in between. Resolves to the results, or null if another search began.
  async function sliced(some, mine, act) {
    const results = [];
    let since = now();
    for (const one of some) {
      results.push(act(one));
      if (now() - since < SLICE_MS) continue;
      await yieldTask();
      if (mine !== run) return null;
      since = now();
    }
    await yieldTask();
    return mine === run ? results : null;
  }

  return {
    get found() { return found; },
    get vocabulary() { return vocabulary; },
    // Resolves to what is found, or to null if another search began.
    find: async () => {
      const mine = ++run;
      const segments = await sliced(editor.rows(), mine, read);
      if (!segments) return null;
      const { isOn, threshold } = settings();
      const names = namesIn(segments);
      const items = isOn ? await sliced(segments, mine, (segment) => itemsIn(segment, threshold, names)) : [];
      return items && finish(segments, items.flat());
    },
    // Finds immediately, after a decision: of most segments all is known.
    findNow: () => {
      run += 1;
      const segments = editor.rows().map(read);
      const { isOn, threshold } = settings();
      const names = namesIn(segments);
      return finish(segments, isOn ? segments.flatMap((segment) => itemsIn(segment, threshold, names)) : []);
    },
    useLevels: (made) => {
      levels = made;
      known = new WeakMap();
    },
    useTerms: (terms) => {
      vocabulary = createVocabulary(terms);
      known = new WeakMap();
    },
  };
}
