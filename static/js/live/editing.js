// Correcting while it runs: a click on a line, or the key E for the last one; Enter keeps, Escape takes back.
import { isTyping } from "../shortcuts.js";

const EDITABLE = CSS.supports("-webkit-user-modify", "read-write-plaintext-only") ? "plaintext-only" : "true";

export function editing({ element, words, kept, say }) {
  const base = element.dataset.url;
  const before = new WeakMap();

  const lineOf = (said) => said.closest("[data-position]");
  const draftOf = (line) => `segment:${line.dataset.id}`;

  function begin(said) {
    if ("editing" in said.dataset) return;
    // What stands there now is what is corrected, whatever comes meanwhile.
    before.set(said, { text: said.textContent, revision: lineOf(said).dataset.revision });
    said.dataset.editing = "";
    said.setAttribute("contenteditable", EDITABLE);
    said.focus();
  }

  function end(said, { keep }) {
    if (!("editing" in said.dataset)) return;
    delete said.dataset.editing;
    said.removeAttribute("contenteditable");
    const text = said.textContent.replace(/\s+/g, " ").trim();
    const { text: old, revision } = before.get(said);
    const newest = lineOf(said).newest ?? old;
    delete lineOf(said).newest;
    said.textContent = keep && text !== old ? text : newest;
    if (keep && text !== old) save(lineOf(said), text, revision);
  }

  function save(line, text, revision) {
    show(line, "Saving …");
    kept.put(draftOf(line), `${base}segments/${line.dataset.id}/`, { text, revision });
  }

  function show(line, text, kind = "") {
    const note = line.querySelector("[data-note]");
    note.className = `note small ${kind}`;
    note.replaceChildren(text);
    note.hidden = !text;
  }

  function offer(line, theirs, mine) {
    show(line, `${theirs.sentence} It says: “${theirs.segment.text}”. `, "warn");
    const button = (label, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: label });
      made.addEventListener("click", act);
      return made;
    };
    line.querySelector("[data-note]").append(
      button("Keep mine", () => save(line, mine, theirs.segment.revision)),
      button("Take theirs", () => { words.line(theirs.segment); show(line, ""); }),
    );
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
      end(said, { keep: event.key === "Enter" });
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      neighbour(said, event.key === "ArrowUp" ? -1 : 1);
    }
  });
  const key = (event) => {
    if (event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const last = words.last();
    if (!last) return;
    event.preventDefault();
    begin(last.querySelector("[data-said]"));
  };
  addEventListener("keydown", key);

  return {
    // The server's answer to a correction.
    settle: (answer, draft) => {
      const line = words.byId(answer.segment?.id ?? draft.url.split("/").at(-2));
      if (!line) return;
      if (answer.status === 200) {
        words.line(answer.segment);
        show(line, "Saved", "good");
        setTimeout(() => line.querySelector("[data-note]").textContent === "Saved" && show(line, ""), 2_000);
      } else if (answer.status === 409) {
        line.querySelector("[data-said]").textContent = draft.fields.text;
        offer(line, answer, draft.fields.text);
      } else {
        line.querySelector("[data-said]").textContent = draft.fields.text;
        show(line, answer.sentence ?? "This could not be saved: you may not change this text.", "warn");
      }
    },
    // After a reload: what was written and not confirmed stands there again.
    restore: () => {
      for (const line of words.lines()) {
        const draft = kept.read(draftOf(line));
        if (!draft) continue;
        line.querySelector("[data-said]").textContent = draft.fields.text;
        show(line, "Saving …");
      }
    },
    end: () => removeEventListener("keydown", key),
  };
}
