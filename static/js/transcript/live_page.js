// The page of a live session, for the one who speaks and for those who watch.
import { isTyping } from "../hotkeys.js";
import { counter } from "./change_feed.js";
import { drafts } from "./drafts.js";
import { editing } from "./corrections.js";
import { markers } from "./markers.js";
import { naming } from "./speaker_names.js";
import { speaking } from "../recorder/controls.js";
import { watching } from "./viewer.js";
import { pausedSince } from "../clock.js";
import { clock, paper } from "./live_text.js";

// In place of editing for those who can't.
const NOTHING = { settle: () => {}, restore: () => {}, end: () => {} };
const HINT_FOR_MS = 6_000;

// Says why a key did nothing, to those who see and those who listen.
function hints(node) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    node.textContent = "";
    requestAnimationFrame(() => { node.textContent = text; });
    timer = setTimeout(() => { node.textContent = ""; }, HINT_FOR_MS);
  };
}

function watchOnly(hint) {
  const key = (event) => {
    if (!"esmn".includes(event.key.toLowerCase()) || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    hint("You have view-only access. Ask a team owner for edit access.");
  };
  addEventListener("keydown", key);
  return { ...NOTHING, end: () => removeEventListener("keydown", key) };
}

export function live(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const words = paper(element);
  const time = { at: Number(element.dataset.at), heard: performance.now() };
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${element.dataset.socket}`;
  const way = { ask: () => {} };
  const changes = counter(Number(element.dataset.change), (change) => way.ask({ type: "since", change }));

  const say = (text, kind = "") => {
    part("state").textContent = text;
    part("state").className = `pill ${kind}`;
  };
  const lag = (ms) => { part("lag").textContent = ms === null ? "" : `${(ms / 1000).toFixed(1)} s behind`; };

  const now = () => (part("recording")?.hidden === false ? time.at + Math.min(performance.now() - time.heard, 2_000) : time.at);
  const tick = (ms) => {
    Object.assign(time, { at: ms, heard: performance.now() });
    part("elapsed").textContent = clock(ms);
  };

  const kept = drafts(element.dataset.session, (name, answer, draft) => {
    ({ segment: edits, voice: names, marker: marks })[name.split(":")[0]].settle(answer, draft);
  }, { changed: () => queueMicrotask(edits.restore) });
  const mayEdit = "editor" in element.dataset;
  const hint = hints(part("hint"));
  const edits = mayEdit ? editing({ element, words, kept, hint }) : watchOnly(hint);
  const names = mayEdit ? naming({ element, words, kept, hint }) : NOTHING;
  const marks = markers({ element, words, kept, now });

  const gap = ({ from_ms: from, until_ms: until }) => words.item(`gap:${from}`, from, (node) => {
    node.querySelector("[data-when]").textContent = `${clock(from)}–${clock(until)}`;
  });

  // Shown beside the connection, which says nothing of the page that records.
  const paused = (since) => {
    part("paused").textContent = since ? pausedSince(since) : "";
  };

  // What the server says, whoever listens.
  const heard = {
    segment: words.line,
    speaker: words.speaker,
    marker: marks.show,
    gap,
    partial: (message) => { words.partial(message.text); lag(message.text ? message.lag_ms : null); },
    clock: (message) => { if (message.at_ms > time.at) tick(message.at_ms); },
    watching: ({ count }) => { part("watching").textContent = count ? `${count} watching` : ""; },
    relay: (message) => { part("relay").textContent = message.sentence; },
    paused: ({ since }) => paused(since),
    resumed: () => paused(null),
    hello: ({ segments, markers: marked, gaps, change, paused: since }) => {
      paused(since);
      segments.forEach(words.line);
      marked.forEach(marks.show);
      gaps.forEach(([from, until]) => gap({ from_ms: from, until_ms: until }));
      changes.upTo(change);
    },
    finished: async () => {
      say("Saving the recording …");
      await kept.settled();
      location.href = element.dataset.done;
    },
  };
  const hear = (message) => {
    heard[message.type]?.(message);
    if (message.change && message.type !== "hello") changes.came(message.change);
  };

  tick(time.at);
  edits.restore();
  kept.resend();
  addEventListener("storage", edits.restore);
  part("back")?.addEventListener("click", words.toEnd);
  const ends = [words, changes, kept, edits, names, marks];
  const role = "speakerPage" in element.dataset
    ? speaking({ element, part, say, hear, tick, marks, last: () => changes.last })
    : watching({ url, say, hear, last: () => changes.last });
  way.ask = role.ask;
  return () => {
    removeEventListener("storage", edits.restore);
    [role, ...ends].forEach((one) => one.end());
  };
}
