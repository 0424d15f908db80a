// The choice of a speaker at the text: a field that completes names, with a list below it.
import { make } from "../dom.js";
import { createPopover } from "../popover.js";
import { choicesFor } from "./talk_times.js";

const MOST = 12;

// `loadNames()` resolves to the names that the team has used; `onChoice(choice)` gets one of `choicesFor`.
export function createPicker({ root, loadNames, onChoice, onClose }) {
  const popover = createPopover(root, { label: "Speaker", onClose });
  let names = [];

  function open(anchor, { speakers, current }) {
    let choices = [];
    let active = 0;
    const list = make("ul", { id: "speaker-choices", role: "listbox", "aria-label": "Speakers", className: "options" });
    const field = make("input", { className: "line-input", role: "combobox", autocomplete: "off", spellcheck: false, placeholder: current?.label ?? "Name" });
    for (const [name, value] of Object.entries({ "aria-label": "Speaker", "aria-expanded": "true", "aria-controls": "speaker-choices", "aria-autocomplete": "list" })) field.setAttribute(name, value);

    function draw() {
      choices = choicesFor({ typed: field.value, speakers, current, names }).slice(0, MOST);
      active = Math.min(active, Math.max(0, choices.length - 1));
      list.replaceChildren(...choices.map(option));
      mark();
    }

    function option(choice, at) {
      const made = make("li", { id: `speaker-choice-${at}`, role: "option", className: choice.kind, textContent: choice.text });
      made.addEventListener("pointerdown", (event) => event.preventDefault());
      made.addEventListener("click", () => choose(choice));
      return made;
    }

    function mark() {
      [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === active)));
      field.setAttribute("aria-activedescendant", choices.length ? `speaker-choice-${active}` : "");
      list.children[active]?.scrollIntoView({ block: "nearest" });
    }

    // A name that the team has used is completed first: then it is chosen for what it is to be used.
    function choose(choice) {
      if (choice.kind === "name") {
        field.value = choice.label;
        active = 0;
        return draw();
      }
      popover.close();
      onChoice(choice);
    }

    function keyed(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && choices.length) active = (active + step + choices.length) % choices.length;
      else if (event.key === "Enter" && choices[active]) choose(choices[active]);
      else return;
      event.preventDefault();
      if (step) mark();
    }

    field.addEventListener("input", () => { active = 0; draw(); });
    field.addEventListener("keydown", keyed);
    draw();
    popover.open(anchor, field, list);
    loadNames().then((found) => { names = found; if (field.isConnected) draw(); });
  }

  return { open, end: popover.end };
}
