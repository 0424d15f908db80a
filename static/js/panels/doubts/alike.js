// Words that are alike, in this transcript and in what the team corrected before.
import { tokens, wordOffsets } from "../../editor/protocol/text.js";
import { keyOf } from "./rules.js";

const MOST_CHOICES = 4;

// Returns [{ id, from, to }] of each place where these words are, also with marks around them, in their order.
export function placesLike(rows, text) {
  const wanted = tokens(text).map(keyOf);
  if (!wanted.length || wanted.some((key) => !key)) return [];
  const first = tokens(text.toLowerCase())[0].replace(/^\p{P}+|\p{P}+$/gu, "");
  return rows.flatMap(({ id, text: said }) => {
    if (!said.toLowerCase().includes(first)) return []; // most segments need no closer look
    const [words, offsets] = [tokens(said), wordOffsets(said)];
    const keys = words.map(keyOf);
    const found = [];
    for (let at = 0; at + wanted.length <= keys.length; at++) {
      if (!wanted.every((key, place) => keys[at + place] === key)) continue;
      found.push({ id, ...withoutMarks(said, offsets[at], offsets[at + wanted.length - 1] + words[at + wanted.length - 1].length) });
      at += wanted.length - 1;
    }
    return found;
  });
}

function withoutMarks(said, from, to) {
  const whole = said.slice(from, to);
  const [before, after] = [/^\p{P}+/u.exec(whole)?.[0].length ?? 0, /\p{P}+$/u.exec(whole)?.[0].length ?? 0];
  return { from: from + before, to: to - after };
}

const capitalised = (text) => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

// Returns what words could also be, the likeliest first: the term they nearly are, the word once if it was said twice, what the
// team made of them before, and names that the text has besides. `corrections` are [{ was, became }].
export function choicesFor({ text, term, kinds }, { corrections }) {
  const once = kinds.includes("repeat") ? [tokens(text)[0]] : [];
  const before = corrections.filter(({ was }) => keyOf(was) === keyOf(text)).map(({ became }) => became);
  const found = [term, ...once, ...before].filter((one) => one && one !== text);
  return [...new Set(found)].slice(0, MOST_CHOICES);
}

// The words as they begin: a choice in the place of a capital begins with one.
export const inPlaceOf = (text, choice) => (/^\p{Lu}\p{Ll}/u.test(text) ? capitalised(choice) : choice);

// Returns what was corrected the same way twice and is no term yet: [{ term, count, sounds_like }].
export function offeredTerms(corrections, vocabulary) {
  return corrections.filter(({ became, count }) => count >= 2 && !vocabulary.has(became)).map(({ was, became, count }) => ({ term: became, count, sounds_like: [was] }));
}
