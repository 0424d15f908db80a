// The times of a segment: start and end as h:mm:ss.mmm, the boundary moved by a word, and all times shifted.
import { toPoints } from "../editor/protocol/text.js";
import { newId } from "../editor/schema.js";
import { button, make } from "./dom.js";
import { createPopover } from "./popover.js";

const UNREADABLE = "Write times as 1:02:03.456, 2:03 or 3.5.";
const pad = (number, length) => String(number).padStart(length, "0");

// Returns 0:01:02.345.
export function formatTime(ms) {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 3_600)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${pad(ms % 1_000, 3)}`;
}

// Returns the ms of h:mm:ss.mmm, mm:ss or ss.mmm, with a sign if `isSigned`; null for anything else.
export function readTime(text, { isSigned = false } = {}) {
  const found = /^([+\-−])?\s*(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?$/u.exec(text.trim());
  if (!found || (found[1] && !isSigned) || (found[3] && Number(found[4]) > 59) || (found[2] && Number(found[3]) > 59)) return null;
  const [, sign, hours = 0, minutes = 0, seconds, fraction = "0"] = found;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, "0"));
  return sign && sign !== "+" ? -ms : ms;
}

// Returns the operations that move the first word of a row to the row before it. The rest keeps its speaker.
export function firstWordBack({ id, text, speaker }) {
  const end = /^\s*\S+\s*/u.exec(text)?.[0].length ?? 0;
  if (!end || end >= text.length) return [];
  return [{ op: "split", id, was: text, at: toPoints(text, end), new: newId(), speaker }, { op: "merge", id }];
}

// Returns the operations that move the last word of the row before to the beginning of this one.
export function lastWordForward(before, { id, speaker }) {
  const start = before && /\s\S+\s*$/u.exec(before.text)?.index;
  if (!start) return [];
  const added = newId();
  return [
    { op: "split", id: before.id, was: before.text, at: toPoints(before.text, start + 1), new: added, speaker },
    { op: "set_speaker", ids: [added], speaker },
    { op: "merge", id },
  ];
}

export function createTimes({ editor, root }) {
  const popover = createPopover(root, { label: "Times of the segment", onClose: () => editor.view.focus() });

  function rowAndBefore(id) {
    const rows = editor.rows();
    const at = rows.findIndex((row) => row.id === id);
    return [rows[at], rows[at - 1]];
  }

  function field(label, value) {
    const input = make("input", { className: "line-input num", value, autocomplete: "off", spellcheck: false });
    return { input, element: make("label", { className: "field" }, label, input) };
  }

  function open(id, anchor) {
    const [row] = rowAndBefore(id);
    if (!row) return;
    const [start, end, shift] = [field("Start", formatTime(row.start_ms ?? 0)), field("End", formatTime(row.end_ms ?? 0)), field("Shift all times by", "0.000")];
    const fault = make("p", { className: "red small", role: "alert" });
    const form = make("form", { className: "form times", onsubmit: save }, start.element, end.element,
      make("div", { className: "acts" },
        button("First word to the segment before", () => moved(firstWordBack(rowAndBefore(id)[0]))),
        button("Last word of it to here", () => moved(lastWordForward(rowAndBefore(id)[1], rowAndBefore(id)[0])))),
      shift.element, fault,
      make("button", { className: "btn main", type: "submit" }, "Save times"));

    function moved(ops) {
      if (ops.length) editor.push(...ops);
      popover.close();
    }

    function save(event) {
      event.preventDefault();
      const [from, to, by] = [readTime(start.input.value), readTime(end.input.value), readTime(shift.input.value, { isSigned: true })];
      if ([from, to, by].includes(null)) fault.textContent = UNREADABLE;
      else if (to < from) fault.textContent = "The end is before the start.";
      else finish(from, to, by);
    }

    function finish(from, to, by) {
      if (from !== row.start_ms || to !== row.end_ms) editor.push({ op: "set_times", id, start_ms: from, end_ms: to });
      if (by) editor.push({ op: "shift_times", by_ms: by });
      popover.close();
    }

    popover.open(anchor, form);
    start.input.select();
  }

  // The boundary of the segment with the caret, by a word.
  function moveWord(id, isBack) {
    const [row, before] = rowAndBefore(id);
    const ops = !row || !before ? [] : isBack ? firstWordBack(row) : lastWordForward(before, row);
    if (ops.length) editor.push(...ops);
  }

  return { open, moveWord, end: popover.end };
}
