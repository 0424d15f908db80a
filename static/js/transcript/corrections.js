// Correcting while it runs: a click on a line, or the key E for the last one; Enter saves, Escape takes back.
import { isTyping } from "../hotkeys.js";
import { choice } from "./conflicts.js";

const EDITABLE = CSS.supports("-webkit-user-modify", "read-write-plaintext-only") ? "plaintext-only" : "true";
const SAVED_FOR_MS = 2_000;

export function editing({ element, words, kept, hint }) {
  const base = element.dataset.url;
  const before = new WeakMap();

  const lineOf = (said) => said.closest("[data-position]");
  const nameOf = (line) => `segment:${line.dataset.id}`;

  // `text` and `revision` are what is corrected: what is shown now, whatever comes meanwhile.
  function begin(said, { text = said.textContent, revision = lineOf(said).dataset.revision, instead = null } = {}) {
    if ("editing" in said.dataset) return;
    const from = document.activeElement;
    // Who corrects a draft that is on its way goes on with that one.
    const mine = kept.list(nameOf(lineOf(said))).find((draft) => draft.state === "waiting" && draft.fields.text === text);
    const replaces = instead ?? mine?.key;
    before.set(said, { text: instead ? null : text, shown: said.textContent, revision, from, replaces });
    said.textContent = text;
    said.dataset.editing = "";
    said.setAttribute("contenteditable", EDITABLE);
    said.focus();
  }

  function end(said, { keep, refocus = false }) {
    if (!("editing" in said.dataset)) return;
    delete said.dataset.editing;
    said.removeAttribute("contenteditable");
    const text = said.textContent.replace(/\s+/g, " ").trim();
    const { text: old, shown, revision, from, replaces } = before.get(said);
    const line = lineOf(said);
    const newest = line.newest ?? shown;
    delete line.newest;
    const isChanged = keep && text !== old;
    said.textContent = isChanged ? text : newest;
    if (isChanged) save(line, text, revision, replaces);
    if (refocus) goBack(said, from);
  }

  // To what began it; a key that was pressed anywhere leaves the focus on the line.
  function goBack(said, from) {
    if (from && from !== document.body && from.isConnected && from !== said) return from.focus();
    said.tabIndex = -1;
    said.focus({ preventScroll: true });
  }

  function save(line, text, revision, replaces) {
    show(line, "Saving …");
    kept.put(nameOf(line), `${base}segments/${line.dataset.id}/`, { text, revision }, { replaces });
  }

  function show(line, text, kind = "") {
    const note = line.querySelector("[data-note]");
    note.className = `note small ${kind}`;
    note.replaceChildren(text);
    note.hidden = !text;
  }

  // What waits for a choice, below its line.
  function offer(line, drafts = kept.list(nameOf(line))) {
    const undecided = drafts.filter((draft) => draft.state !== "waiting");
    const known = [...line.querySelectorAll("[data-draft]")].map((card) => card.dataset.shows);
    const wanted = undecided.map((draft) => `${draft.key} ${draft.state} ${draft.theirs?.revision}`);
    if (known.join() === wanted.join()) return;
    line.querySelectorAll("[data-draft]").forEach((card) => card.remove());
    if (undecided.length) show(line, "");
    undecided.forEach((draft, at) => {
      const said = line.querySelector("[data-said]");
      const card = choice(draft, kept, {
        edit: () => begin(said, { text: draft.fields.text, revision: draft.theirs?.revision ?? draft.fields.revision, instead: draft.key }),
        after: (which) => {
          if (which === "mine") show(line, "Saving …");
          goBack(said, null);
        },
      });
      card.dataset.shows = wanted[at];
      line.append(card);
    });
  }

  function neighbour(said, step) {
    const all = words.lines().sort((one, other) => one.dataset.position - other.dataset.position);
    const next = all[all.indexOf(lineOf(said)) + step];
    end(said, { keep: true });
    if (next) begin(next.querySelector("[data-said]"));
  }

  element.addEventListener("click", (event) => {
    const said = event.target.closest("[data-said]");
    if (said && !String(getSelection())) begin(said);
  });
  element.addEventListener("focusout", (event) => event.target.matches("[data-said]") && end(event.target, { keep: true }));
  element.addEventListener("keydown", (event) => {
    const said = event.target.closest("[data-said][data-editing]");
    if (!said) return;
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      end(said, { keep: event.key === "Enter", refocus: true });
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      neighbour(said, event.key === "ArrowUp" ? -1 : 1);
    }
  });
  const key = (event) => {
    if (event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    const last = words.last();
    if (last) begin(last.querySelector("[data-said]"));
    else hint("Nothing to correct yet: grey words are still provisional. They can be corrected once they turn dark.");
  };
  addEventListener("keydown", key);

  return {
    // The server's answer to a correction.
    settle: (answer, draft) => {
      const line = words.byId(answer.segment?.id ?? draft.url.split("/").at(-2));
      if (!line) return;
      if (answer.segment) words.line(answer.segment);
      if (answer.status === 200 && !kept.list(nameOf(line)).length) {
        show(line, "Saved", "good");
        setTimeout(() => line.querySelector("[data-note]").textContent === "Saved" && show(line, ""), SAVED_FOR_MS);
      }
      offer(line);
    },
    // After a reload, or a change in another tab: what was written and not confirmed is shown again.
    restore: () => {
      const all = kept.list();
      const lines = [...element.querySelectorAll("[data-draft]")].map((card) => card.closest("[data-position]"));
      const written = all.filter((draft) => draft.name.startsWith("segment:")).map((draft) => words.byId(draft.name.split(":")[1]));
      for (const line of new Set([...lines, ...written].filter(Boolean))) {
        const mine = all.filter((draft) => draft.name === nameOf(line));
        const waiting = mine.filter((draft) => draft.state === "waiting");
        const said = line.querySelector("[data-said]");
        if (waiting.length && !("editing" in said.dataset)) {
          said.textContent = waiting.at(-1).fields.text;
          show(line, "Saving …");
        }
        offer(line, mine);
      }
    },
    end: () => removeEventListener("keydown", key),
  };
}
