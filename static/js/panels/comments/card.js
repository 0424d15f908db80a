// One thread in the panel: who said what about which words, the replies, and what can be done with it.
import { formatDay, formatDuration } from "../../clock.js";
import { askFirst, button, make } from "../dom.js";
import { initialsOf } from "../faces.js";
import { quotedIn } from "./threads.js";

const LOST = "The words are not in the text any more.";
const DELETED = "This comment was deleted.";
const COLOURS = { yellow: "Yellow", green: "Green", blue: "Blue", pink: "Pink" };
const whenOf = ({ at }) => formatDay(new Date(at));
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

// Returns the text with the names of members in it made bold.
function worded(body, names) {
  const known = [...new Set(names.flatMap((name) => [name, name.split(" ")[0]]))].sort((one, other) => other.length - one.length);
  if (!known.length || !body.includes("@")) return [body];
  const parts = body.split(new RegExp(`(@(?:${known.map(escaped).join("|")}))(?![\\p{L}\\p{N}])`, "giu"));
  return parts.map((part, at) => (at % 2 ? make("b", {}, part) : part));
}

// `acts` do what its buttons say: focus, play, reply, edit, remove, settle, retry, discard. `typed` keeps what is being written, by id.
export function createCard({ acts, typed, canComment }) {
  function unsent({ id, unsent: state }) {
    if (!state) return null;
    if (state.state !== "refused") return make("p", { className: "small soft", role: "status" }, "Not sent yet. It is saved in this browser.");
    return make("div", { className: "refused" }, make("p", { className: "red small", role: "alert" }, `Your change was not saved. ${state.sentence}`),
      button("Try again", () => acts.retry(state.key), { key: `retry-${id}` }), button("Discard", () => acts.discard(state.key), { key: `discard-${id}` }));
  }

  // A field for a text of one's own; `name` is what it is for.
  function field(key, label, first, send) {
    const area = make("textarea", { rows: 2, maxLength: 4_000, "aria-label": label, placeholder: label, value: typed.get(key) ?? first, dir: "auto", data: { key } });
    area.addEventListener("input", () => typed.set(key, area.value));
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      submit();
    });
    function submit() {
      if (!area.value.trim()) return area.focus();
      typed.delete(key);
      return send(area.value.trim());
    }
    return [area, submit];
  }

  function said(one, names) {
    if (one.removed) return make("p", { className: "small soft" }, DELETED);
    return make("p", { className: "body", dir: "auto" }, ...worded(one.body, names));
  }

  function ownActs(one) {
    if (!canComment || !one.own || one.removed || one.unsent) return null;
    const remove = button("Delete", () => {}, { key: `remove-${one.id}`, className: "btn small bare" });
    askFirst(remove, "Delete it?", () => acts.remove(one));
    return make("span", { className: "own" }, button("Edit", () => acts.startEdit(one), { key: `edit-${one.id}`, className: "btn small bare" }), remove);
  }

  function content(one, names, editing) {
    if (editing !== one.id) return [said(one, names), unsent(one), ownActs(one)];
    const [area, submit] = field(`body-${one.id}`, "Comment", one.body, (text) => acts.edit(one, text));
    return [area, make("div", { className: "acts" }, button("Save", submit, { key: `save-${one.id}`, className: "btn small main" }), button("Cancel", () => acts.startEdit(null), { key: `cancel-${one.id}` }))];
  }

  function reply(one, names, editing) {
    const head = make("p", { className: "small soft" }, make("b", {}, make("bdi", {}, one.author)), `, ${whenOf(one)}${one.edited ? ", edited" : ""}`);
    return make("li", {}, head, ...content(one, names, editing).filter(Boolean));
  }

  function answering(thread) {
    if (!canComment || (thread.unsent && !thread.resolved)) return null;
    const settle = button(thread.resolved ? "Reopen" : "Resolve", () => acts.settle(thread), { key: `settle-${thread.id}`, className: "btn small bare" });
    if (thread.resolved) return make("div", { className: "acts" }, settle);
    const [area, submit] = field(`reply-${thread.id}`, "Reply", "", (text) => acts.reply(thread, text));
    return make("div", { className: "answer" }, area, make("div", { className: "acts" }, button("Reply", submit, { key: `send-${thread.id}` }), settle));
  }

  return (thread, { isCurrent, startMs, names, editing }) => {
    const time = startMs === null ? null : button(formatDuration(startMs), () => acts.play(thread), { key: `play-${thread.id}`, className: "at num", "aria-label": `Play from ${formatDuration(startMs)}` });
    const head = make("header", {}, make("span", { className: "face", "aria-hidden": "true" }, initialsOf(thread.author || "?")), make("b", {}, make("bdi", {}, thread.author)), time);
    const label = thread.kind === "highlight" && make("p", { className: "small soft" }, `${COLOURS[thread.colour] ?? ""} highlight${thread.tag ? ": " : ""}`, thread.tag && make("b", {}, make("bdi", {}, thread.tag)));
    const quote = thread.quoted && make("blockquote", { className: "quoted", dir: "auto" }, quotedIn(thread));
    const isLost = thread.lost && (thread.parts ?? []).every(({ lost }) => lost);
    const resolved = thread.resolved && make("p", { className: "small soft" }, `Resolved${thread.resolved_by ? ` by ${thread.resolved_by}` : ""}`);
    const card = make("li", { className: `thread${thread.kind === "highlight" ? ` ${thread.colour}` : ""}`, tabIndex: -1, data: { thread: thread.id, key: `thread-${thread.id}` } }, head, quote,
      isLost && make("p", { className: "small warn" }, LOST), label, ...content(thread, names, editing), resolved,
      thread.replies.length > 0 && make("ol", { className: "replies" }, ...thread.replies.map((one) => reply(one, names, editing))), isCurrent && answering(thread));
    if (isCurrent) card.setAttribute("aria-current", "true");
    card.addEventListener("click", (event) => { if (!event.target.closest("button, textarea, input")) acts.focus(thread); });
    return card;
  };
}
