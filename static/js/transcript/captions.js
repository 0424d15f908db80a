// Live captions for guests: large type, as much contrast as wished, and nothing to be done.
import { pausedSince } from "../clock.js";
import { counter } from "./change_feed.js";
import { watching } from "./viewer.js";
import { paper } from "./live_text.js";

const SIZES = [1.25, 1.75, 2.25, 3, 4];
const STANDARD = 2;

export function captions(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const words = paper(element);
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${element.dataset.socket}`;
  const way = { ask: () => {}, end: () => {} };
  const changes = counter(Number(element.dataset.change), (change) => way.ask({ type: "since", change }));
  const state = { size: Number(localStorage.getItem("captions-size") ?? STANDARD), lock: null };

  const said = { way: "", paused: "" };
  const show = () => { part("state").textContent = said.way || said.paused; };
  const say = (text) => { said.way = text === "Watching" ? "" : text; show(); };
  const paused = (since) => { said.paused = since ? pausedSince(since) : ""; show(); };

  function resize(step) {
    state.size = Math.min(SIZES.length - 1, Math.max(0, state.size + step));
    localStorage.setItem("captions-size", state.size);
    element.dataset.size = state.size;
    part("smaller").disabled = state.size === 0;
    part("larger").disabled = state.size === SIZES.length - 1;
    words.toEnd();
  }

  function contrast(on) {
    localStorage.setItem("captions-contrast", on ? "on" : "");
    document.documentElement.toggleAttribute("data-contrast", on);
    part("contrast").setAttribute("aria-pressed", String(on));
  }

  const heard = {
    segment: words.line,
    speaker: words.speaker,
    partial: (message) => words.partial(message.text),
    paused: ({ since }) => paused(since),
    resumed: () => paused(null),
    hello: ({ segments, change, paused: since }) => { paused(since); segments.forEach(words.line); changes.upTo(change); },
    finished: () => { words.partial(""); say("This session has ended."); way.end(); },
  };
  const hear = (message) => {
    heard[message.type]?.(message);
    if (message.change && message.type !== "hello") changes.came(message.change);
  };

  part("smaller").addEventListener("click", () => resize(-1));
  part("larger").addEventListener("click", () => resize(1));
  part("contrast").addEventListener("click", () => contrast(!document.documentElement.hasAttribute("data-contrast")));
  part("back").addEventListener("click", words.toEnd);
  JSON.parse(document.getElementById("caption-lines").textContent).forEach(words.line);
  contrast(localStorage.getItem("captions-contrast") === "on");
  resize(0);
  if ("open" in element.dataset) {
    Object.assign(way, watching({ url, say, hear, last: () => changes.last }));
    navigator.wakeLock?.request("screen").then((lock) => { state.lock = lock; }).catch(() => {});
  }
  return () => { [way, words, changes].forEach((one) => one.end()); state.lock?.release(); contrast(false); };
}
