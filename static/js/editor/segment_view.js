// One segment on the page: a named group with its text. Its header is outside of the text, and is updated without a
// transaction, so that times and names can change while someone types in it.
import { formatDuration } from "../clock.js";

const VOICES = 4;
const HOUR_MS = 3_600_000;
const NO_SPEAKER = "No speaker";

// Returns 2 min 36 s, as it is read out.
export function spokenTime(ms) {
  const [hours, minutes, seconds] = [Math.floor(ms / HOUR_MS), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1_000) % 60];
  return [hours && `${hours} h`, (hours || minutes) && `${minutes} min`, `${seconds} s`].filter(Boolean).join(" ");
}

function button(kind) {
  const element = document.createElement("button");
  element.type = "button";
  element.tabIndex = -1; // they are reached from the text by keys, and 9,000 stops would bury the page
  element.className = kind;
  element.append("");
  return element;
}

// Its check is drawn by the style sheet: an icon each would be 9,000 elements of a long transcript.
function check() {
  const tick = button("tick");
  tick.setAttribute("aria-label", "Reviewed");
  return tick;
}

// The button beside a segment that has comments. Few have, so it is made when there is one.
function commentButton() {
  const note = button("note");
  note.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z"/></svg>`;
  return note;
}

function build() {
  const section = document.createElement("section");
  section.className = "seg";
  section.setAttribute("role", "group");
  const header = document.createElement("header");
  header.contentEditable = "false";
  header.append(button("spk"), button("at"), check());
  const text = document.createElement("p");
  text.className = "said";
  text.dir = "auto";
  section.append(header, text);
  return section;
}

// Returns the node views of an editor: `views` by id, and `create` for ProseMirror. `rowOf(id)` returns the row with its times,
// `speakerOf(id)` its speaker. Those who can't edit see what is reviewed and can't change it.
export function createSegmentViews({ rowOf, speakerOf, language = "", isEditable = false }) {
  const views = new Map();
  let comments = new Map();
  let model = null;

  function create(node, view, getPos) {
    const dom = (model ??= build()).cloneNode(true);
    const [header, contentDOM] = dom.children;
    const [who, when, tick] = header.children;
    const { id } = node.attrs;
    let shown = {};
    let source = [];
    dom.dataset.id = id;

    // Called after each change of the rows: it writes only what differs.
    function refresh(speaker = shown.speaker) {
      const row = rowOf(id);
      const known = speakerOf(speaker);
      if (row === source[0] && known === source[1] && speaker === shown.speaker) return;
      source = [row, known];
      const { label = NO_SPEAKER, number = 0 } = known ?? {};
      const ms = row?.start_ms ?? 0;
      const now = { speaker, label, number, ms, language: row?.language ?? "", unconfirmed: Boolean(row?.unconfirmed), reviewed: Boolean(row?.reviewed) };
      if (Object.keys(now).every((key) => now[key] === shown[key])) return;
      shown = now;
      write();
    }

    function write() {
      who.firstChild.data = shown.label;
      when.firstChild.data = formatDuration(shown.ms);
      dom.setAttribute("aria-label", [shown.label, spokenTime(shown.ms), shown.reviewed && "reviewed"].filter(Boolean).join(", "));
      tick.setAttribute("aria-pressed", String(shown.reviewed));
      Object.assign(tick, { disabled: !isEditable, hidden: !isEditable && !shown.reviewed });
      dom.className = `seg ${shown.number ? `voice-${(shown.number - 1) % VOICES + 1}` : "no-speaker"}${shown.unconfirmed ? " unconfirmed" : ""}`;
      dom.dataset.speaker = shown.speaker;
      if (shown.language && shown.language !== language) contentDOM.lang = shown.language;
      else contentDOM.removeAttribute("lang");
    }

    let note = null;
    function showComments() {
      const count = comments.get(id) ?? 0;
      if (count && !note) header.append(note = commentButton());
      if (note) note.hidden = !count;
      note?.setAttribute("aria-label", count === 1 ? "1 comment" : `${count} comments`);
    }

    const own = {
      dom,
      contentDOM,
      getPos,
      node,
      refresh,
      showComments,
      update: (next) => {
        if (next.type !== own.node.type || next.attrs.id !== id) return false;
        own.node = next;
        refresh(next.attrs.speaker);
        return true;
      },
      ignoreMutation: (mutation) => mutation.type !== "selection" && !contentDOM.contains(mutation.target),
      stopEvent: (event) => header.contains(event.target) && !/^drag|^drop/.test(event.type),
      destroy: () => { if (views.get(id) === own) views.delete(id); },
    };
    refresh(node.attrs.speaker);
    showComments();
    views.set(id, own);
    return own;
  }

  function markComments(counts) {
    const changed = [...new Set([...counts.keys(), ...comments.keys()])].filter((id) => counts.get(id) !== comments.get(id));
    comments = counts;
    for (const id of changed) views.get(id)?.showComments();
  }

  return { views, create, markComments, refresh: () => { for (const one of views.values()) one.refresh(); } };
}
