// What the page says of doubtful words.
import { formatDuration } from "../../clock.js";

export const KIND_LABELS = {
  vocabulary: "Near a vocabulary term", silence: "Words in silence", repeat: "Said twice", confidence: "Low confidence", number: "Numbers", name: "Names",
};

const REASONS = {
  vocabulary: ({ term }) => `Close to your vocabulary term “${term}”`,
  silence: () => "The audio is silent here",
  repeat: () => "Said twice in a row",
  confidence: ({ confidence }) => `Confidence ${confidence} %`,
  number: () => "Number",
  name: () => "Name, not in the vocabulary",
};
const AROUND = 14;

export const counted = (count, one, more) => (count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${more}`);
export const wordsToCheck = (count) => (count ? counted(count, "word to check", "words to check") : "No words to check");

// Returns a few letters before and after, cut at words.
function around(said, { from, to, text }) {
  const before = said.slice(Math.max(0, from - AROUND), from).replace(/^\S*\s+(?=\S)/u, "");
  const after = said.slice(to, to + AROUND).replace(/(\S)\s+\S*$/u, "$1");
  return before.trim() || after.trim() ? `“${before.trim()} … ${after.trim()}”` : `“${text}”`;
}

// Returns why words are doubtful; of low confidence alone also where they are.
export function reasonOf(item, said = "") {
  const reasons = item.kinds.map((kind) => REASONS[kind](item)).join(" · ");
  return said && item.kinds.length === 1 && item.kinds[0] === "confidence" ? `${reasons} · ${around(said, item)}` : reasons;
}

export const timeOf = ({ start }) => formatDuration(start);
