// A few seconds of audio and words around a segment, on which its boundaries are dragged.
import { make } from "../dom.js";
import { formatShortTime } from "../time_text.js";
import { loadPeaks, outlineOf, peaksIn } from "./audio.js";
import { limits, shownSpan } from "./boundaries.js";
import { createHandle } from "./handle.js";

const NO_AUDIO = "The audio of this part can't be shown.";
const SVG = "http://www.w3.org/2000/svg";
// Labels of words are on lanes below each other, so that each has room.
const LANES = 3;

// `row` and `neighbours` are those of boundaries.js; `words` and `audio` those of form.js. `onMove(edge, ms)` is called when
// a boundary was moved, `onListen(edge)` and `onSave()` for the keys that mean it.
export function createStrip({ row, neighbours, words, audio, onMove, onListen, onSave }) {
  const placed = [...words.before, ...words.own.map((word) => ({ ...word, isOwn: true })), ...words.after]
    .sort((one, other) => one.start - other.start);
  const times = { start: row.start_ms ?? 0, end: row.end_ms ?? 0 };
  const outline = make("div", { className: "outline", "aria-hidden": "true" });
  const [own, head] = [make("i", { className: "own" }), make("i", { className: "head", hidden: true })];
  const lanes = make("div", { className: "lanes", "aria-hidden": "true" });
  const ends = [make("span"), make("span")];
  const labels = { start: "Start boundary", end: "End boundary" };
  const handles = Object.fromEntries(Object.entries(labels).map(([edge, label]) =>
    [edge, createHandle({ edge, label, msAt, onMove: (ms) => moved(edge, ms), onListen: () => onListen(edge), onSave })]));
  const track = make("div", { className: "track" }, own, outline, head, handles.start.element, handles.end.element);
  const element = make("div", { className: "strip", role: "group", "aria-label": "Audio around the boundaries" },
    track, lanes, make("p", { className: "num faint ends", "aria-hidden": "true" }, ...ends));
  let shown = null;
  let loading = new AbortController();

  const partOf = (ms) => (ms - shown.from) / (shown.to - shown.from);

  function msAt(clientX) {
    const { left, width } = track.getBoundingClientRect();
    return shown.from + ((clientX - left) / width) * (shown.to - shown.from);
  }

  function moved(edge, ms) {
    set(edge, ms);
    onMove(edge, ms);
  }

  function set(edge, ms) {
    times[edge] = ms;
    const ranges = limits(row, neighbours, times, shown);
    for (const [name, handle] of Object.entries(handles)) handle.show(times[name], ranges[name], partOf(times[name]));
    own.style.setProperty("--at", Math.max(0, partOf(times.start)));
    own.style.setProperty("--to", Math.min(1, partOf(times.end)));
  }

  function drawWords() {
    const visible = placed.filter(({ start, end }) => end > shown.from && start < shown.to);
    lanes.replaceChildren(...visible.map(({ text, start, isOwn }, at) => {
      const label = make("span", { className: isOwn ? "word own" : "word" }, text);
      const places = { "--at": Math.max(0, partOf(start)), "--to": Math.min(1, partOf(visible[at + LANES]?.start ?? shown.to)), "--lane": at % LANES };
      Object.entries(places).forEach(([name, value]) => label.style.setProperty(name, value));
      return label;
    }));
  }

  function drawAudio(peaks) {
    if (!peaks) return outline.replaceChildren(make("p", { className: "soft small" }, NO_AUDIO));
    const [svg, path] = ["svg", "path"].map((name) => document.createElementNS(SVG, name));
    svg.setAttribute("viewBox", `0 0 ${peaksIn(shown)} 2`);
    svg.setAttribute("preserveAspectRatio", "none");
    path.setAttribute("d", outlineOf(peaks));
    svg.append(path);
    return outline.replaceChildren(svg);
  }

  async function show(edge) {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    shown = shownSpan(times, edge, audio.durationMs);
    ends.forEach((end, at) => { end.textContent = formatShortTime(at ? shown.to : shown.from); });
    outline.replaceChildren();
    set(edge, times[edge]);
    drawWords();
    const peaks = await loadPeaks(audio.clipUrl, shown, signal);
    if (!signal.aborted) drawAudio(peaks);
  }

  return {
    element,
    show,
    set,
    isInView: (edge) => times[edge] >= shown.from && times[edge] <= shown.to,
    focus: (edge) => handles[edge].element.focus({ preventScroll: true }),
    // Shows what is played now.
    follow: (ms) => {
      head.hidden = ms < shown.from || ms > shown.to;
      head.style.setProperty("--at", partOf(ms));
    },
    end: () => loading.abort(),
  };
}
