// Words that two people changed at the same moment: the later ones are in the text, the others are offered beside it.
import { post } from "../requests.js";

const PREFIX = "conflict:";
const TRIES = 5;
const AGAIN_MS = 1_000;

// `template` is a card, `url` the address of the transcript's conflicts, `editor()` returns the editor.
export function createOverwritten({ template, url, asides, editor }) {
  // The card goes with the answer, on other pages with the feed; until then it can be pressed again.
  async function resolve(id, tries = TRIES) {
    const { status } = await post(`${url}${id}/keep/`, {}).catch(() => ({ status: 0 }));
    if ((status === 0 || status >= 500) && tries > 1) setTimeout(() => resolve(id, tries - 1), AGAIN_MS);
    if (status >= 200 && status < 300) asides.remove(`${PREFIX}${id}`);
  }

  // Puts the overwritten words where the others are, or after all words if those have changed since.
  function use({ id, segment, kept, offered }) {
    const text = editor().rows().find((row) => row.id === segment)?.text ?? "";
    const at = kept ? text.indexOf(kept) : -1;
    const [from, to] = at < 0 ? [text.length, text.length] : [at, at + kept.length];
    const gap = at < 0 && text && !text.endsWith(" ") ? " " : "";
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
