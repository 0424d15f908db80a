// The form of a segment's times: boundaries on the audio, the same times to be typed, and all times shifted.
import { button, make } from "../dom.js";
import { formatTime, readTime } from "../time_text.js";
import { consequences, faultOf, isShownWhole } from "./boundaries.js";
import { createStrip } from "./strip.js";

const HINT = "Drag a boundary, or use the arrow keys: 10 ms, with Shift 100 ms. Space plays the audio around it.";
const AROUND_MS = 1_000;

const cutSentence = (count) =>
  count === 1 ? "1 word is beyond a boundary: its time will be cut there." : `${count} words are beyond a boundary: their times will be cut there.`;

// Returns what a person is told before saving.
export const sentenceOf = ({ isBeforeMoved, isAfterMoved, cut }) =>
  [
    isBeforeMoved && "The segment before ends where this one starts.",
    isAfterMoved && "The next segment starts where this one ends.",
    cut > 0 && cutSentence(cut),
  ].filter(Boolean).join(" ");

function field(label, value) {
  const input = make("input", { className: "line-input num", value, autocomplete: "off", spellcheck: false });
  return { input, element: make("label", { className: "field" }, label, input) };
}

function selectAll(input) {
  input.focus({ preventScroll: true });
  input.select();
}

// `words` are those of the row and its neighbours, { before, own, after }. `audio` has the `clipUrl`, `durationMs` (0 if it isn't
// known), the `lastMs` of the last segment, `isPlayable` and `play(from, to)`. Calls `onSave({ times, dragged, shift })`, and `onWord(isBack)` to move a word across the start.
export function createTimesForm({ row, neighbours, words, audio, onSave, onWord }) {
  const times = { start: row.start_ms ?? 0, end: row.end_ms ?? 0 };
  const dragged = { start: false, end: false };
  const fields = { start: field("Start", formatTime(times.start)), end: field("End", formatTime(times.end)) };
  const shift = field("Shift all times by", "0.000");
  const fault = make("p", { className: "red small", role: "alert" });
  const news = make("p", { className: "soft small", role: "status" }, HINT);
  const strip = createStrip({ row, neighbours, words, audio, onMove: moved, onListen: listen, onSave: () => form.requestSubmit() });
  let shownEdge = "start";
  const other = button("Show the end", () => show(shownEdge === "start" ? "end" : "start"), { hidden: isShownWhole(times) });

  const form = make("form", { className: "form times", onsubmit: saved },
    strip.element,
    make("div", { className: "acts" },
      audio.isPlayable && button("Play around the start", () => listen("start")),
      audio.isPlayable && button("Play around the end", () => listen("end")),
      other),
    news,
    make("div", { className: "fields" }, fields.start.element, fields.end.element, shift.element),
    make("div", { className: "acts" },
      button("First word to the segment before", () => onWord(true)), button("Last word of it to here", () => onWord(false))),
    fault,
    make("button", { className: "btn main", type: "submit" }, "Save times"));

  function listen(edge) {
    audio.play(Math.max(0, times[edge] - AROUND_MS), times[edge] + AROUND_MS);
  }

  function moved(edge, ms) {
    fields[edge].input.value = formatTime(ms);
    change(edge, ms, true);
  }

  // A time that is typed is this segment's alone.
  function typed(edge) {
    const ms = readTime(fields[edge].input.value);
    if (ms === null) return;
    strip.set(edge, ms);
    change(edge, ms, false);
  }

  function change(edge, ms, isDragged) {
    times[edge] = ms;
    dragged[edge] = isDragged;
    other.hidden = isShownWhole(times);
    fault.textContent = "";
    news.textContent = sentenceOf(consequences(row, neighbours, times, dragged, words)) || HINT;
  }

  function show(edge) {
    shownEdge = edge;
    other.textContent = edge === "start" ? "Show the end" : "Show the start";
    strip.show(edge);
  }

  function listenToFields() {
    for (const [edge, { input }] of Object.entries(fields)) {
      input.addEventListener("input", () => typed(edge));
      input.addEventListener("change", () => strip.isInView(edge) || show(edge));
    }
  }

  function saved(event) {
    event.preventDefault();
    const [start, end, by] = [readTime(fields.start.input.value), readTime(fields.end.input.value), readTime(shift.input.value, { isSigned: true })];
    fault.textContent = faultOf({ start, end, shift: by }, audio);
    if (!fault.textContent) onSave({ times: { start, end }, dragged, shift: by });
  }

  listenToFields();
  show(shownEdge);
  return {
    element: form,
    // On a phone a field would open the keyboard over the strip.
    focus: (isTouch) => (isTouch ? strip.focus("start") : selectAll(fields.start.input)),
    follow: strip.follow,
    end: strip.end,
  };
}
