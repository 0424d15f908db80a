// What a person has to decide: two texts for one place, beside the text.
import { formatDay, formatDuration } from "../clock.js";
import { csrf } from "../requests.js";
import { button, kbd, make, redraw } from "./dom.js";
import { placeOf } from "./kept_words.js";

const UNREACHABLE = "The server can’t be reached. Try again.";

// Returns the open conflicts after a message of the feed.
export function afterMessage(open, { type, conflicts = [], gone_conflicts: gone = [] }) {
  if (type === "hello") return conflicts;
  if (!conflicts.length && !gone.length) return open;
  const changed = new Map(conflicts.map((one) => [one.id, one]));
  const known = open.map((one) => changed.get(one.id) ?? one);
  const added = conflicts.filter((one) => !open.some(({ id }) => id === one.id));
  return [...known, ...added].filter((one) => !one.resolved && !gone.includes(one.id));
}

const whenOf = ({ at }) => (at ? formatDay(new Date(at)) : "");

// Returns who wrote the two texts, and when the second came.
export function sourcesOf(conflict) {
  const when = whenOf(conflict);
  return conflict.by
    ? { kept: [`${conflict.by}`, when].filter(Boolean).join(", "), offered: "Written at the same time" }
    : { kept: "Your correction", offered: ["New transcription", when].filter(Boolean).join(", ") };
}

async function decide(url, fields) {
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields) }).catch(() => null);
  if (!response) return UNREACHABLE;
  if (response.ok) return "";
  return (await response.json().catch(() => ({}))).detail ?? UNREACHABLE;
}

// `play(from, to)` plays a part of the audio.
export function createConflicts({ editor, panel, side, urls, open: first, play, isEditable }) {
  let open = first;
  const sentences = new Map();

  const revisionOf = ({ segment, revision }) => editor.rows().find(({ id }) => id === segment)?.revision ?? revision;

  function draw() {
    side.setCount("conflicts", open.length || null);
    side.setIdle("conflicts", !open.length);
    const title = open.length === 1 ? "1 conflict to decide" : `${open.length} conflicts to decide`;
    const note = "Both texts are kept until someone decides. Downloads have the first.";
    redraw(panel, open.length ? [make("h2", {}, title), make("p", { className: "small soft" }, note), make("ol", { className: "choices" }, ...open.map(item))] : [make("p", { className: "soft" }, "No conflicts.")]);
  }

  function item(conflict) {
    const sources = sourcesOf(conflict);
    const made = make("li", { data: { conflict: conflict.id }, onkeydown: (event) => keyed(event, conflict) },
      button(formatDuration(conflict.start_ms), () => listen(conflict), { key: `play-${conflict.id}`, className: "at num", "aria-label": `Play from ${formatDuration(conflict.start_ms)}` }),
      quoted(`In the text: ${sources.kept}`, conflict.kept),
      quoted(`Not in the text: ${sources.offered}`, conflict.offered),
    );
    if (isEditable) made.append(actions(conflict));
    const sentence = sentences.get(conflict.id);
    if (sentence) made.append(make("p", { className: "red small", role: "alert" }, sentence));
    return made;
  }

  const quoted = (who, text) => make("div", {}, make("p", { className: "small soft" }, who), make("p", { className: "version", dir: "auto" }, text || "no words"));

  function actions(conflict) {
    const key = (name) => ({ key: `${name}-${conflict.id}` });
    return make("div", { className: "acts" },
      button("Keep the text", () => settle(conflict, "keep"), { ...key("keep"), className: "btn small main" }, kbd("1")),
      button("Use the other", () => settle(conflict, "take"), key("take"), kbd("2")),
      button("Edit", () => edit(conflict), key("edit"), kbd("3")),
    );
  }

  function keyed(event, conflict) {
    const act = { 1: () => settle(conflict, "keep"), 2: () => settle(conflict, "take"), 3: () => edit(conflict) }[event.key];
    if (!act || !isEditable || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  }

  function listen({ start_ms: from, end_ms: to, segment }) {
    editor.select(segment);
    play(from, to);
  }

  // The place in the text is selected, so that what is typed replaces it.
  function edit({ segment, kept }) {
    const [from, to] = placeOf(editor.rows().find(({ id }) => id === segment)?.text ?? "", kept);
    if (from === to) editor.select(segment);
    else editor.select(segment, from, to);
    editor.view.focus();
  }

  async function settle(conflict, decision) {
    editor.flush();
    const fields = decision === "take" ? { revision: revisionOf(conflict) } : {};
    const sentence = await decide(`${urls.conflicts}${conflict.id}/${decision}/`, fields);
    if (sentence) sentences.set(conflict.id, sentence);
    else leave(conflict);
    draw();
  }

  // The next conflict gets the focus, after the last one the text.
  function leave(conflict) {
    const at = open.findIndex(({ id }) => id === conflict.id);
    const hadFocus = panel.contains(document.activeElement);
    if (at >= 0) open = open.toSpliced ? open.toSpliced(at, 1) : open.filter(({ id }) => id !== conflict.id);
    draw();
    if (!hadFocus) return;
    const next = open[Math.max(0, Math.min(at, open.length - 1))];
    if (next) panel.querySelector(`[data-key="keep-${next.id}"]`)?.focus();
    else editor.view.focus();
  }

  draw();
  return {
    get count() { return open.length; },
    receive: (message) => {
      const now = afterMessage(open, message);
      if (now === open) return;
      const hasMore = now.length > open.length;
      open = now;
      draw();
      if (hasMore && !panel.contains(document.activeElement)) side.select("conflicts");
    },
  };
}
