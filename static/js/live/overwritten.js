// Words that two people changed at the same moment: the later ones are in the text, the others are offered beside it.
import { gapBetween, tokens, wordOffsets } from "../editor/protocol/text.js";
import { post } from "../requests.js";

const PREFIX = "conflict:";
const TRIES = 5;
const AGAIN_MS = 1_000;

const isSame = (word, wanted) => word === wanted;
const isGrown = (word, wanted) => word.startsWith(wanted);

// Returns the places, by number, at which words begin with all that are wanted; `isLast(word, wanted)` compares the last one.
function placesIn(words, wanted, isLast) {
  const last = wanted.length - 1;
  const isAt = (place) => wanted.every((word, at) => (at === last ? isLast : isSame)(words[place + at] ?? "", word));
  return [...words.keys()].filter(isAt);
}

// Returns [from, to] of words in a text, or the end of the text if they are nowhere or in several places. The last of them may have
// grown since: what is typed without a network arrives in pieces, and the first can end within a word.
export function placeOf(text, kept) {
  const [words, offsets, wanted] = [tokens(text), wordOffsets(text), tokens(kept)];
  const same = placesIn(words, wanted, isSame);
  const [place, ...others] = same.length ? same : placesIn(words, wanted, isGrown);
  if (!wanted.length || place === undefined || others.length) return [text.length, text.length];
  const last = place + wanted.length - 1;
  return [offsets[place], offsets[last] + words[last].length];
}

// `template` is a card, `url` the address of the transcript's conflicts, `editor()` returns the editor.
export function createOverwritten({ template, url, asides, editor }) {
  // The card goes when the feed says so; until then it can be pressed again.
  async function resolve(id, tries = TRIES) {
    const { status } = await post(`${url}${id}/keep/`, {}).catch(() => ({ status: 0 }));
    if ((status === 0 || status >= 500) && tries > 1) setTimeout(() => resolve(id, tries - 1), AGAIN_MS);
  }

  // Puts the overwritten words where the others are, or after all words if those have changed since.
  function use({ id, segment, kept, offered }) {
    const text = editor().rows().find((row) => row.id === segment)?.text ?? "";
    const [from, to] = placeOf(text, kept);
    const gap = from === text.length ? gapBetween(text, offered) : "";
    editor().replace([{ id: segment, from, to, text: gap + offered }]);
    resolve(id);
  }

  function build(conflict) {
    const card = template.content.firstElementChild.cloneNode(true);
    card.querySelector("[data-by]").textContent = conflict.by ? `${conflict.by} changed the same words` : "Changed at the same time";
    card.querySelector("[data-offered]").textContent = conflict.offered;
    card.querySelector("[data-use]").addEventListener("click", () => use(conflict));
    card.querySelector("[data-dismiss]").addEventListener("click", () => resolve(conflict.id));
    return card;
  }

  function show(conflict) {
    const key = `${PREFIX}${conflict.id}`;
    if (conflict.resolved) asides.remove(key);
    else asides.show(key, conflict.start_ms ?? 0, asides.get(key) ?? build(conflict), { after: conflict.segment });
  }

  return {
    // Takes conflicts of a message; a `hello` has all that are open.
    take: ({ type, conflicts = [] }) => {
      const open = new Set(conflicts.map(({ id }) => `${PREFIX}${id}`));
      if (type === "hello") asides.keys().filter((key) => key.startsWith(PREFIX) && !open.has(key)).forEach(asides.remove);
      conflicts.forEach(show);
    },
  };
}
