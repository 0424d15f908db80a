// Words that are nearly a term of the team's vocabulary: by their letters, by their sound, or as the team says that they are
// transcribed. `transcripts/document/near_terms.py` has the same rules.
import { keyOf } from "./rules.js";

// A term is at most so many words apart from what was transcribed in its place.
const MOST_WORDS = 4;
const SHORTEST = 4;
const LETTERS_A_MISTAKE = 4;
const MOST_MISTAKES = 3;
const SHORTEST_SOUND = 3;
const SURE_PERCENT = 90;

// Letters that sound alike in most languages written with Latin ones; vowels tell little.
const SOUNDS = [[/ph/gu, "f"], [/th/gu, "t"], [/[ckqg]+/gu, "k"], [/[zsx]+/gu, "s"], [/[wv]+/gu, "v"], [/[dt]+/gu, "t"], [/[bp]+/gu, "p"], [/[aeiouyäöüh]+/gu, ""]];

const soundsByWord = new Map();

function soundOf(word) {
  if (!soundsByWord.has(word)) soundsByWord.set(word, soundOfWord(word));
  return soundsByWord.get(word);
}

// The sound of words that follow each other.
export const soundOfAll = (words) => words.map(soundOf).join("").replace(/(.)\1+/gu, "$1");

function soundOfWord(key) {
  const plain = key.normalize("NFD").replace(/\p{M}/gu, "");
  const sound = SOUNDS.reduce((text, [letters, one]) => text.replace(letters, one), plain);
  return sound.replace(/(.)\1+/gu, "$1");
}

// Returns how many letters differ, or more than `most`.
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      row.push(Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    if (Math.min(...row) > most) return most + 1;
    before = row;
  }
  return before.at(-1);
}

const edgesOf = (key, length) => [`^${key[0]}${length}`, `${key.at(-1)}$${length}`];
const mistakesIn = (key) => Math.min(MOST_MISTAKES, Math.floor(key.length / LETTERS_A_MISTAKE));

// `terms` are [{ term, sounds_like: [text] }].
export function createVocabulary(terms) {
  const known = new Map(terms.map(({ term }) => [keyOf(term), term]).filter(([key]) => key));
  const listed = new Map(terms.flatMap(({ term, sounds_like: sounds }) => sounds.map((text) => [keyOf(text), term])));
  const bySound = new Map();
  const byEdge = new Map();
  let longestKey = 0;
  for (const [key, term] of known) {
    const sound = soundOfAll(term.split(/\s+/u).map(keyOf));
    if (sound.length >= SHORTEST_SOUND) bySound.set(sound, [key, term]);
    for (const edge of edgesOf(key, key.length)) byEdge.set(edge, [...(byEdge.get(edge) ?? []), [key, term]]);
    longestKey = Math.max(longestKey, key.length);
  }
  const parts = new Set(terms.flatMap(({ term }) => term.split(/\s+/u).map(keyOf)));
  const found = new Map();

  // Returns [term, letters apart], or null.
  function nearestTo(key, words) {
    if (key.length < SHORTEST || key.length > 2 * longestKey) return null;
    const [soundKey, sounding] = bySound.get(soundOfAll(words)) ?? [];
    const most = Math.floor((key.length * 2) / 3);
    const apartInSound = sounding ? distance(key, soundKey, most) : most + 1;
    let [best, least] = apartInSound <= most ? [sounding, apartInSound] : ["", mistakesIn(key) + 1];
    for (const [other, term] of besides(key)) {
      const apart = distance(key, other, Math.min(least - 1, mistakesIn(other)));
      if (apart < least && apart <= mistakesIn(other)) [best, least] = [term, apart];
    }
    return best ? [best, least] : null;
  }

  // The terms with the same first or last letter that are about as long.
  function besides(key) {
    const most = mistakesIn(key);
    const lengths = Array.from({ length: 2 * most + 1 }, (_, at) => key.length - most + at);
    return lengths.flatMap((length) => edgesOf(key, length).flatMap((edge) => byEdge.get(edge) ?? []));
  }

  function termFor(words, isUnsure) {
    const key = words.join("");
    if (known.has(key)) return ["", 0];
    if (listed.has(key)) return [listed.get(key), 0];
    if (!isUnsure) return null;
    if (!found.has(key)) found.set(key, nearestTo(key, words));
    return found.get(key);
  }

  // Returns [words, term, letters apart] of what is nearest to a term from a word on, the longest of several.
  function matchAt(facts, at) {
    let best = null;
    for (let count = Math.min(MOST_WORDS, facts.length - at); count > 0; count--) {
      const some = facts.slice(at, at + count);
      if (some.slice(0, -1).some(({ isLast }) => isLast)) continue;
      const isUnsure = some.some(({ confidence, isSettled }) => !isSettled && (confidence === null || confidence < SURE_PERCENT));
      const match = termFor(some.map((fact) => fact.key), isUnsure);
      if (match && !(best?.[2] <= match[1])) best = [count, ...match];
    }
    return best;
  }

  // Returns [first word, last word, term] for each near miss; none overlaps another.
  function nearMisses(facts) {
    const misses = [];
    for (let at = 0; at < facts.length && known.size;) {
      const match = matchAt(facts, at);
      const next = match?.[0] > 1 ? matchAt(facts, at + 1) : null;
      const isNext = next && next[2] < match[2];
      if (match?.[1] && !isNext) misses.push([at, at + match[0] - 1, match[1]]);
      at += isNext ? 1 : match?.[0] ?? 1;
    }
    return misses;
  }

  return { nearMisses, isKnown: (key) => parts.has(key), size: known.size, has: (text) => known.has(keyOf(text)) };
}
