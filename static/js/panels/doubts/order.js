// Which item comes next, also after the text changed around it.
import { inOrderOfNeed } from "./rules.js";

const isSameWords = (one, other) => one.id === other.id && one.text === other.text;

// Returns the items in the order that a person chose, of one kind or of all.
export function ordered(items, { order, kind = "" }) {
  const some = kind ? items.filter(({ kinds }) => kinds.includes(kind)) : items;
  return order === "time" ? some : inOrderOfNeed(some);
}

// Returns the item that is the same as one of before: the same words in the same segment, the nearest of several.
export function sameAs(items, wanted) {
  const some = wanted ? items.filter((item) => isSameWords(item, wanted)) : [];
  return some.sort((one, other) => Math.abs(one.from - wanted.from) - Math.abs(other.from - wanted.from))[0] ?? null;
}

const overlaps = (one, other) => one.id === other.id && one.from < other.to && other.from < one.to;

// Returns what follows `current` in a direction, first to last and round: every item but the current one.
export function following(items, current, step = 1) {
  const at = items.indexOf(current);
  if (at < 0) return step > 0 ? items : items.slice().reverse();
  const [before, after] = [items.slice(0, at), items.slice(at + 1)];
  const round = step > 0 ? [...after, ...before] : [...before.reverse(), ...after.reverse()];
  return round.filter((item) => !overlaps(item, current));
}

// Returns the first of these that is still there.
export function firstLeft(items, wanted) {
  for (const one of wanted) {
    const found = sameAs(items, one);
    if (found) return found;
  }
  return null;
}
