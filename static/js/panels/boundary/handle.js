// A boundary on the strip: a slider for pointer and keyboard.
import { make } from "../dom.js";
import { formatShortTime } from "../time_text.js";

const STEP_MS = 10;
const LONG_STEP_MS = 100;
const DIRECTIONS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

// Returns where a key moves a boundary to, null if it moves nothing.
export function movedByKey({ key, shiftKey }, ms, [least, most]) {
  if (key === "Home") return least;
  if (key === "End") return most;
  return key in DIRECTIONS ? ms + DIRECTIONS[key] * (shiftKey ? LONG_STEP_MS : STEP_MS) : null;
}

export const clamp = (ms, [least, most]) => Math.max(least, Math.min(ms, most));

// `msAt(clientX)` is the moment at a place of the page. Calls `onMove(ms)`, `onListen()` for Space, `onSave()` for Enter.
export function createHandle({ edge, label, msAt, onMove, onListen, onSave }) {
  const element = make("div", { className: `handle ${edge}`, role: "slider", tabIndex: 0, "aria-label": label });
  let [ms, range, grip] = [0, [0, 0], 0];

  const move = (to) => onMove(Math.round(clamp(to, range)));

  function pressed(event) {
    if (event.button) return;
    event.preventDefault();
    element.focus();
    element.setPointerCapture(event.pointerId);
    // The line keeps its distance to the pointer.
    grip = msAt(event.clientX) - ms;
  }

  function keyed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = movedByKey(event, ms, range);
    if (to !== null) move(to);
    else if (event.key === " ") onListen();
    else if (event.key === "Enter") onSave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  element.addEventListener("pointerdown", pressed);
  element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && move(msAt(event.clientX) - grip));
  element.addEventListener("keydown", keyed);

  return {
    element,
    // Shows the boundary at `at`, a part of the strip from 0 to 1.
    show: (now, limits, at) => {
      [ms, range] = [now, limits];
      element.hidden = at < 0 || at > 1;
      element.style.setProperty("--at", at);
      const values = { valuemin: range[0], valuemax: range[1], valuenow: ms, valuetext: formatShortTime(ms) };
      for (const [name, value] of Object.entries(values)) element.setAttribute(`aria-${name}`, value);
    },
  };
}
