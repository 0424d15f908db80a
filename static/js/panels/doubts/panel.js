// The panel "Review": how many words are left to check, which kinds, in which order, and the list of them.
import { button, kbd, make } from "../dom.js";
import { createDoubtList } from "./list.js";
import { counted, KIND_LABELS, wordsToCheck } from "./wording.js";

const ALL = "";
const HINT_KEYS = [[["J", "K"], "next, previous"], [["A"], "accept"], [["C"], "correct"], [["P"], "play"], [["?"], "all keys"]];

const option = (value, label) => make("option", { value }, label);
const label = (text, field) => make("label", { className: "small soft" }, make("span", { className: "unseen" }, text), field);

// `preferences` are those of the person; `onChange()` is called after another kind or order was chosen, `choose(item)` for an item.
export function createDoubtPanel({ panel, preferences, textOf, choose, onChange, goToConflicts, isEditable }) {
  const title = make("h2", {});
  const bar = make("progress", { "aria-label": "Words checked" });
  const facts = make("span", { className: "small soft num" });
  const kinds = make("select", { onchange: onChange });
  const order = make("select", { onchange: () => { preferences.set("doubt_order", order.value); onChange(); } }, option("need", "By need"), option("time", "By time"));
  const conflicts = button("", goToConflicts, { className: "btn small", hidden: true });
  const offers = make("div", { className: "offers" });
  const scroller = make("div", { className: "doubt-scroll", tabIndex: -1 });
  const empty = make("p", { className: "soft", hidden: true });
  const list = createDoubtList({ scroller, choose, textOf });
  const status = make("p", { className: "unseen", role: "status" });

  const slider = make("input", { type: "range", min: 0, max: 100, step: 5, "aria-label": "Confidence below which words are marked" });
  const below = make("output", { className: "num" });
  const isMarked = make("input", { type: "checkbox" });
  const settings = make("details", { className: "doubt-settings" }, make("summary", { className: "small soft" }, "Which words are marked"),
    make("label", { className: "tick small" }, isMarked, "Mark words to check"),
    make("label", { className: "small" }, "Confidence below ", below, slider));

  slider.addEventListener("input", () => { preferences.set("doubt_threshold", Number(slider.value)); drawSettings(); });
  isMarked.addEventListener("change", () => { preferences.set("doubts", isMarked.checked ? "marked" : "off"); drawSettings(); });

  function drawSettings() {
    const threshold = preferences.get("doubt_threshold") ?? 60;
    slider.value = String(threshold);
    below.textContent = `${threshold} %`;
    isMarked.checked = preferences.get("doubts") !== "off";
    slider.disabled = !isMarked.checked;
    order.value = preferences.get("doubt_order") ?? "need";
  }

  function drawKinds(items) {
    const chosen = kinds.value;
    const counts = new Map();
    for (const { kinds: own } of items) for (const kind of own) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const shown = Object.keys(KIND_LABELS).filter((kind) => counts.has(kind) || kind === chosen);
    kinds.replaceChildren(option(ALL, "All kinds"), ...shown.map((kind) => option(kind, `${KIND_LABELS[kind]} (${counts.get(kind) ?? 0})`)));
    kinds.value = chosen;
  }

  const hints = make("p", { className: "hints small soft" }, ...HINT_KEYS.filter(([keys]) => isEditable || !/[AC]/u.test(keys[0])).map(([keys, text]) => make("span", {}, ...keys.map(kbd), text)));
  panel.classList.add("doubt-panel");
  panel.append(make("div", { className: "doubt-head" }, title, bar, make("div", { className: "row1" }, facts, label("Kinds", kinds), label("Order", order)), settings, conflicts, offers),
    scroller, hints, status);
  scroller.append(empty, list.element);
  drawSettings();

  return {
    get kind() { return kinds.value; },
    // `all` are the items of every kind, `shown` those that are listed, `settled` counts the decisions that people made.
    draw({ all, shown, settled, current, open, isKnown }) {
      title.textContent = isKnown ? wordsToCheck(all.length) : "Looking for words to check …";
      bar.max = Math.max(1, all.length + settled);
      bar.value = isKnown ? settled : 0;
      facts.textContent = isKnown ? `${settled.toLocaleString("en")} of ${(all.length + settled).toLocaleString("en")} checked` : "";
      drawKinds(all);
      conflicts.hidden = !open;
      conflicts.textContent = `${counted(open, "conflict", "conflicts")} to decide first`;
      empty.hidden = !isKnown || shown.length > 0;
      empty.textContent = isMarked.checked ? "Nothing here needs a second look." : "Doubtful words are not marked.";
      list.show(shown, current);
    },
    // `terms` are [{ term, count }] that could be added to the vocabulary.
    offer(terms, { add, dismiss }) {
      offers.replaceChildren(...terms.map((one) => make("p", { className: "offer small" }, `“${one.term}” corrected ${one.count === 2 ? "twice" : `${one.count} times`}: add it to the vocabulary?`,
        button("Add", () => add(one), { key: `add-${one.term}` }), button("Not now", () => dismiss(one), { key: `not-${one.term}` }))));
    },
    drawSettings,
    reveal: list.reveal,
    say: (text) => { status.textContent = text; },
    end: list.end,
  };
}
