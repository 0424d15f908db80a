// The small dialog at a doubtful word: why it is doubtful, what it could also be, and what to do. On a phone it is a bottom sheet.
import { HOTKEYS, keysOf } from "../../hotkeys.js";
import { keyLabel } from "../../keys/hotkeys_help.js";
import { button, kbd, make } from "../dom.js";
import { createPopover } from "../popover.js";
import { counted, reasonOf, timeOf } from "./wording.js";

const isMac = () => /mac|iphone|ipad/iu.test(navigator.userAgentData?.platform ?? navigator.platform);

function keyOf(id) {
  const [key] = keysOf(HOTKEYS.find((one) => one.id === id));
  return key ? kbd(keyLabel(key, isMac())) : "";
}

// `acts` are { accept, correct, correctAll, play, previous, next, choose(text), replaceAll(text, isAll) }; `onClose()` is called when Escape closes it.
export function createCard({ root, acts, isEditable, onClose }) {
  const popover = createPopover(root, { label: "Word to check", onClose, within: root.querySelector(".column") });
  popover.element.classList.add("doubt-card");
  let choices = [];

  const deed = (label, id, act) => button(label, act, { className: "btn" }, keyOf(id));

  function choiceRow() {
    if (!choices.length || !isEditable) return "";
    const buttons = choices.map((text, at) => button("", () => acts.choose(text), { className: "btn small could-be" }, make("bdi", {}, text), kbd(String(at + 1))));
    return make("p", { className: "also" }, make("span", { className: "small soft" }, "Could also be"), ...buttons);
  }

  function head(text, note) {
    return make("header", {}, make("h2", { tabIndex: -1, data: { focus: "" } }, make("bdi", {}, text)), make("span", { className: "small soft" }, note));
  }

  // Shows an item at `anchor`, what has getBoundingClientRect(). `alike` is how many more of its words the transcript has.
  function show(item, anchor, { found, alike, place }) {
    choices = found;
    const note = [reasonOf(item), alike ? `${alike} like it` : "", place].filter(Boolean).join(" · ");
    const deeds = isEditable
      ? [deed("Accept", "doubts.accept", acts.accept), deed("Correct", "doubts.correct", acts.correct), alike > 0 && deed("Correct all alike", "doubts.correct_all", acts.correctAll)]
      : [];
    popover.element.setAttribute("aria-label", `Word to check: ${item.text}`);
    popover.open(anchor, head(item.text, note), choiceRow(), make("div", { className: "deeds" }, ...deeds, deed("Play 3 s", "doubts.play", acts.play)), make("div", { className: "deeds by-hand" }, button("Previous", acts.previous, { className: "btn" }), button("Next", acts.next, { className: "btn" })));
  }

  // Asks for the words that take the place of an item and, if wanted, of all that are like it.
  function ask(item, anchor, { found, alike }) {
    choices = [];
    const input = make("input", { className: "line-input", value: found[0] ?? item.text, "aria-label": "New words", dir: "auto", autocomplete: "off" });
    const all = make("input", { type: "checkbox", checked: true });
    const save = (event) => {
      event.preventDefault();
      acts.replaceAll(input.value.trim(), all.checked);
    };
    const form = make("form", { onsubmit: save },
      make("label", { className: "field" }, make("span", { className: "small" }, "New words"), input),
      make("label", { className: "tick small" }, all, `Correct the ${counted(alike, "other", "others")} like it`),
      make("div", { className: "deeds" }, make("button", { type: "submit", className: "btn main" }, "Save", kbd("↵")), button("Play 3 s", acts.play, { className: "btn" })));
    popover.element.setAttribute("aria-label", `Correct “${item.text}”`);
    popover.open(anchor, make("header", {}, make("h2", {}, "Correct “", make("bdi", {}, item.text), "”"), make("span", { className: "num small soft" }, timeOf(item))), form);
    input.select();
  }

  function keyed(event) {
    const isDigit = /^[1-9]$/u.test(event.key) && !event.target.matches("input") && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!isDigit || !isEditable) return;
    event.preventDefault(); // also without such a choice: the digit must not give the selection to a speaker
    const choice = choices[Number(event.key) - 1];
    if (choice) acts.choose(choice);
  }

  popover.element.addEventListener("keydown", keyed);
  return { show, ask, close: (options) => popover.close(options), place: popover.place, end: popover.end, get isOpen() { return !popover.element.hidden; } };
}
