// Whether what was typed is saved, in words; and what a person does about changes that the server refused.
import { sentenceOf } from "../editor/mount.js";
import { askFirst } from "../panels/dom.js";
import { DISCARD, wordsOf } from "../panels/save_state.js";

// `editor()` returns the editor.
export function createSaveState({ part, editor }) {
  const refusal = part("refusal");
  const waiting = new Set();

  function show(state) {
    const isRefused = state.state === "refused";
    part("save-state").textContent = isRefused ? "" : sentenceOf(state);
    if (!refusal) return;
    refusal.hidden = !isRefused;
    if (isRefused) {
      part("refusal-sentence").textContent = sentenceOf(state);
      part("refusal-words").textContent = wordsOf(state.ops ?? []);
    }
    if (state.state !== "saved" && !isRefused) return;
    waiting.forEach((done) => done());
    waiting.clear();
  }

  part("refusal-retry")?.addEventListener("click", () => editor().resend());
  if (refusal) askFirst(part("refusal-discard"), DISCARD, () => editor().discard());

  return {
    show,
    // Resolves once nothing waits for the server any more. What was refused stays in this browser.
    settled: () => {
      editor().flush();
      return editor().isSaved || !refusal?.hidden ? Promise.resolve() : new Promise((done) => waiting.add(done));
    },
  };
}
