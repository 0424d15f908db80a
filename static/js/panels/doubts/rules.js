// Which words want a second look, and why. `transcripts/document/doubts.py` has the same rules: both are held to
// tests/document/doubt_cases.json.
import { CERTAIN, confidenceOf, IS_ESTIMATED, IS_RETAINED } from "../../editor/protocol/placed_words.js";

// Kinds by need, the most pressing first.
export const KINDS = ["vocabulary", "silence", "repeat", "confidence", "number", "name"];

// Numbers and names are what hurts most if it is wrong: they are doubtful below this, whatever the threshold.
const SURE_PERCENT = 90;
// A name that comes more often was transcribed the same way each time.
const MOST_NAMINGS = 2;
// In German each noun has a capital: with more of them than this they don't tell names.
const MOST_CAPITALS = 0.15;
const FEW_WORDS = 40;
// Of the loudest peak, 255: what is quieter is silence.
const SILENT = 4;
const LONGEST_ITEM = 6;

const LETTERS = /[\p{L}\p{N}\p{M}]/gu;
const HAS_DIGIT = /\p{N}/u;
const CAPITAL = /^[^\p{L}\p{N}]*\p{Lu}[\p{L}\p{M}]/u;
const ENDS_SENTENCE = /(?:[.!?…:;。！？]|^)[\p{P}\s]*$/u;
const CLOSES_SENTENCE = /[.!?…。！？]\p{P}*$/u;
const ONLY_BLANK = /^\s*$/u;
const NEAR = 8;
const NUMBER_WORDS = new Set((
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty " +
  "sixty seventy eighty ninety hundred thousand million billion " +
  "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen milliarden " +
  "deux trois quatre cinq huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent mille millions milliards " +
  "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil millones"
).split(" "));

export const keyOf = (text) => (text.normalize("NFC").toLowerCase().match(LETTERS) ?? []).join("");

const isTyped = ({ flags }, isHuman) => isHuman && confidenceOf(flags) === null && Boolean(flags & (IS_ESTIMATED | IS_RETAINED));

function isSilent({ start, end, flags }, levels) {
  if (!levels || flags & IS_ESTIMATED || end <= start) return false;
  const { peaks, durationMs } = levels;
  const [from, to] = [start, end].map((ms) => (ms / durationMs) * peaks.length);
  for (let at = Math.floor(from); at < Math.ceil(to); at++) if (peaks[at] === undefined || peaks[at] > SILENT) return false;
  return true;
}

// Returns what is known of each word of a segment: its key, whether a person settled it, and what about it is doubtful whatever the
// other segments say. `words` are those of `placed_words.list`; `levels` are { peaks, durationMs } of the waveform, or null.
export function factsOf(text, words, { isHuman = false, levels = null } = {}) {
  const facts = words.map((word) => {
    const [from, to] = [word.offset, word.offset + word.length];
    const said = text.slice(from, to);
    const confidence = confidenceOf(word.flags);
    const isAtStart = ENDS_SENTENCE.test(text.slice(Math.max(0, from - NEAR), from));
    return {
      from, to, said, confidence, start: word.start, end: word.end,
      key: keyOf(said),
      isSettled: confidence === CERTAIN || isTyped(word, isHuman),
      isCapital: !isAtStart && CAPITAL.test(said),
      isNumber: HAS_DIGIT.test(said) || NUMBER_WORDS.has(keyOf(said)),
      isSilent: isSilent(word, levels),
      isRepeated: false,
      isLast: CLOSES_SENTENCE.test(said) || CLOSES_SENTENCE.test(text.slice(from, to + 1)),
    };
  });
  facts.forEach((fact, at) => {
    const before = facts[at - 1];
    const isAgain = before && fact.key && fact.key === before.key && !HAS_DIGIT.test(fact.key) && ONLY_BLANK.test(text.slice(before.to, fact.from));
    if (isAgain && !fact.isSettled && /[\p{L}\p{N}\p{M}]$/u.test(before.said)) fact.isRepeated = before.isRepeated = true;
  });
  return facts;
}

// Returns the keys of the words of a segment that have a capital where none is due.
export const capitalsIn = (facts) => facts.filter(({ isCapital }) => isCapital).map(({ key }) => key);

// Returns what the whole transcript says of names: how often each occurs, or null if capitals don't tell them. `segments` are
// { capitals, count } with the number of all words.
export function namesIn(segments) {
  const counts = new Map();
  let [found, all] = [0, 0];
  for (const { capitals, count } of segments) {
    all += count;
    found += capitals.length;
    for (const key of capitals) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return found > all * MOST_CAPITALS && all >= FEW_WORDS ? null : counts;
}

// Returns which of these capitals are rare enough to be doubtful, as a text that is another one if any of that changes.
export const rareAmong = (capitals, names) => (names ? capitals.map((key) => (names.get(key) <= MOST_NAMINGS ? "1" : "0")).join("") : "");

function kindsOf(fact, threshold, names, isKnown) {
  if (fact.isSettled) return [];
  const kinds = [];
  const isUnsure = fact.confidence === null || fact.confidence < SURE_PERCENT;
  if (fact.isSilent) kinds.push("silence");
  if (fact.isRepeated) kinds.push("repeat");
  if (fact.confidence !== null && fact.confidence < threshold) kinds.push("confidence");
  if (fact.isNumber && isUnsure) kinds.push("number");
  else if (fact.isCapital && isUnsure && names && names.get(fact.key) <= MOST_NAMINGS && !isKnown(fact.key)) kinds.push("name");
  return kinds;
}

const byNeed = (kinds) => KINDS.filter((kind) => kinds.includes(kind));

function itemOf(text, facts, kinds, term = "") {
  const [first, last] = [facts[0], facts.at(-1)];
  const known = facts.map(({ confidence }) => confidence).filter((one) => one !== null);
  const whole = text.slice(first.from, last.to);
  const said = whole.replace(/\p{P}+$/u, "").replace(/^\p{P}+/u, "") || whole;
  const from = first.from + whole.indexOf(said);
  return {
    from, to: from + said.length, text: said, start: first.start, end: last.end,
    kinds: byNeed(kinds), confidence: known.length ? Math.min(...known) : null, term,
  };
}

// Returns the items of a segment: adjacent doubtful words are one, near misses of a vocabulary each one of their own.
// `threshold` is in percent; `near` are [first word, last word, term] of the segment.
export function itemsOf(text, facts, { threshold, names, near = [], isKnown = () => false }) {
  const items = near.filter(([first, last]) => facts.slice(first, last + 1).some(({ isSettled }) => !isSettled))
    .map(([first, last, term]) => itemOf(text, facts.slice(first, last + 1), ["vocabulary"], term));
  const taken = new Set(near.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)));
  let run = [];
  let kinds = [];
  const close = () => {
    if (run.length) items.push(itemOf(text, run, kinds));
    [run, kinds] = [[], []];
  };
  facts.forEach((fact, at) => {
    const found = taken.has(at) ? [] : kindsOf(fact, threshold, names, isKnown);
    if (!found.length || run.length === LONGEST_ITEM) close();
    if (!found.length) return;
    run.push(fact);
    kinds.push(...found);
    if (fact.isLast) close();
  });
  close();
  return items.sort((one, other) => one.from - other.from);
}

// Items with the most pressing first: by kind, then by confidence, then by time.
export function inOrderOfNeed(items) {
  const rank = ({ kinds, confidence }) => KINDS.indexOf(kinds[0]) * 1_000 + (confidence ?? CERTAIN);
  const ranks = new Map(items.map((item) => [item, rank(item)]));
  return items.slice().sort((one, other) => ranks.get(one) - ranks.get(other));
}

// How many decisions people made: stretches of words that they accepted or typed.
export function settledIn(facts, isHuman) {
  return isHuman ? facts.filter((fact, at) => fact.isSettled && !facts[at - 1]?.isSettled).length : 0;
}
