// Whether everything is saved, in words, and what can be done with a refused change.
import { sentenceOf } from "../editor/mount.js";
import { askFirst } from "./dom.js";

export const DISCARD = "Discard my text?";

// Returns the words of operations: all that a person would miss.
export const wordsOf = (ops) => ops.map((op) => op.text ?? op.label ?? op.words?.map(([, text]) => text).join(" ") ?? "").filter(Boolean).join("\n\n");

export function createSaveState(root, getEditor) {
  const line = root.querySelector("[data-save-state]");
  const acts = root.querySelector("[data-save-acts]");
  let refused = [];

  const on = (name, act) => acts.querySelector(`[data-save-act="${name}"]`).addEventListener("click", act);

  async function copyText(event) {
    const isCopied = await navigator.clipboard?.writeText(wordsOf(refused)).then(() => true, () => false);
    event.target.textContent = isCopied ? "Copied" : "The browser forbids copying";
  }

  function leave(act) {
    act();
    getEditor().view.focus();
  }

  on("copy", copyText);
  on("retry", () => leave(() => getEditor().resend()));
  // What was refused is nowhere else
  askFirst(acts.querySelector('[data-save-act="discard"]'), DISCARD, () => leave(() => getEditor().discard()));

  return {
    show: (state) => {
      const sentence = sentenceOf(state);
      if (line.textContent !== sentence) line.textContent = sentence;
      line.dataset.state = state.state;
      refused = state.ops ?? [];
      acts.hidden = state.state !== "refused";
    },
  };
}
