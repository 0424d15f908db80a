// Naming a voice: a click on it, or the key S for the last one; Enter keeps, Escape takes back.
import { isTyping } from "../hotkeys.js";

export function naming({ element, words, kept, hint }) {
  const base = element.dataset.url;
  let before = "";
  let from = null;

  function begin(who) {
    if ("editing" in who.dataset) return;
    before = who.textContent;
    from = document.activeElement;
    who.dataset.editing = "";
    who.setAttribute("contenteditable", "true");
    who.focus();
    getSelection().selectAllChildren(who);
  }

  function end(who, { keep }) {
    if (!("editing" in who.dataset)) return;
    delete who.dataset.editing;
    who.removeAttribute("contenteditable");
    const label = who.textContent.replace(/\s+/g, " ").trim();
    const named = keep && label !== "" && label !== before;
    who.textContent = named ? label : before;
    if (!named) return;
    words.speaker({ id: who.dataset.speaker, label });
    kept.put(`voice:${who.dataset.speaker}`, `${base}speakers/${who.dataset.speaker}/`, { label });
  }

  element.addEventListener("click", (event) => {
    const who = event.target.closest("[data-speaker]");
    if (who) begin(who);
  });
  element.addEventListener("focusout", (event) => event.target.matches("[data-speaker]") && end(event.target, { keep: true }));
  element.addEventListener("keydown", (event) => {
    const who = event.target.closest("[data-speaker][data-editing]");
    if (!who || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    end(who, { keep: event.key === "Enter" });
    // To what began it, or to the name if a key did
    (from && from !== document.body && from.isConnected ? from : who).focus({ preventScroll: true });
  });
  const key = (event) => {
    if (event.key.toLowerCase() !== "s" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    const last = words.last()?.querySelector("[data-speaker]");
    if (!last) hint("No speaker to name yet: the first words have not been transcribed.");
    else if (last.parentElement.hidden) hint("The provider didn't tell who speaks in the last line.");
    else begin(last);
  };
  addEventListener("keydown", key);
  return {
    settle: (answer) => answer.speaker && words.speaker(answer.speaker),
    end: () => removeEventListener("keydown", key),
  };
}
