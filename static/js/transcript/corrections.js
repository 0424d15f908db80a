// Corrects segments while the session runs: a click on the text, or a key for the last segment.
import { bindHotkeys, LOCAL } from "../hotkeys.js";
import { createInlineEdit, editableText, isEditing, returnFocus } from "../inline_edit.js";
import { createChoice, fingerprint } from "./conflicts.js";

const SAVING = "Saving …";
const SAVED = "Saved";
const SAVED_SHOWN_MS = 2_000;
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

const segmentOf = (said) => said.closest("[data-revision]");
const saidOf = (segment) => segment.querySelector("[data-said]");
const draftName = (segment) => `segment:${segment.dataset.id}`;
function showNote(segment, text, kind = "") {
  const note = segment.querySelector("[data-note]");
  note.className = `note small ${kind}`;
  note.replaceChildren(text);
  note.hidden = !text;
}

export function createCorrections({ element, text, drafts, hint }) {
  const baseUrl = element.dataset.url;
  const edit = createInlineEdit({ root: element, selector: "[data-said]", widget: editableText(), onEnd, onKey: moveOn });

  // `value` and `revision` are what is corrected: what is shown now, whatever arrives in between.
  function begin(said, { value = said.textContent, revision = segmentOf(said).dataset.revision, draft = null } = {}) {
    if (isEditing(said)) return;
    const shown = said.textContent;
    // Correcting a draft that is on its way continues that draft.
    const own = drafts.list(draftName(segmentOf(said))).find((one) => one.state === "waiting" && one.fields.text === value);
    said.textContent = value;
    edit.begin(said, { value: draft ? null : value, shown, revision, replaces: draft ?? own?.key });
  }

  function onEnd(said, { text: typed, isSaved, edit: { value, shown, revision, replaces } }) {
    const segment = segmentOf(said);
    const newest = segment.newestText ?? shown;
    delete segment.newestText;
    const isChanged = isSaved && typed !== value;
    said.textContent = isChanged ? typed : newest;
    if (!isChanged) return;
    showNote(segment, SAVING);
    drafts.save(draftName(segment), `${baseUrl}segments/${segment.dataset.id}/`, { text: typed, revision }, { replaces });
  }

  // Saves and edits the previous or the next segment.
  function moveOn(event, said) {
    if (!event.altKey || !(event.key in STEPS)) return;
    event.preventDefault();
    const all = text.segments();
    const next = all[all.indexOf(segmentOf(said)) + STEPS[event.key]];
    edit.end(said, { isSaved: true });
    if (next) begin(saidOf(next));
  }

  // Shows what needs a decision, below its segment.
  function showChoices(segment, known = drafts.list(draftName(segment))) {
    const undecided = known.filter((draft) => draft.state !== "waiting");
    const shown = [...segment.querySelectorAll("[data-draft]")].map((card) => card.dataset.shows);
    if (shown.join() === undecided.map(fingerprint).join()) return;
    segment.querySelectorAll("[data-draft]").forEach((card) => card.remove());
    if (undecided.length) showNote(segment, "");
    segment.append(...undecided.map((draft) => choiceFor(segment, draft)));
  }

  function choiceFor(segment, draft) {
    const said = saidOf(segment);
    const card = createChoice(draft, drafts, {
      onEdit: () => begin(said, { value: draft.fields.text, revision: draft.theirs?.revision ?? draft.fields.revision, draft: draft.key }),
      onChosen: (which) => {
        if (which === "mine") showNote(segment, SAVING);
        returnFocus(null, said);
      },
    });
    card.dataset.shows = fingerprint(draft);
    return card;
  }

  function correctLast() {
    const last = text.last();
    if (last) begin(saidOf(last));
    else hint("Nothing to correct yet: grey words are still provisional. They can be corrected once they turn dark.");
  }

  function showSaved(segment) {
    showNote(segment, SAVED, "good");
    setTimeout(() => segment.querySelector("[data-note]").textContent === SAVED && showNote(segment, ""), SAVED_SHOWN_MS);
  }

  // Shows the server's answer to a correction.
  function settle(answer, draft) {
    const segment = text.byId(answer.segment?.id ?? draft.url.split("/").at(-2));
    if (!segment) return;
    if (answer.segment) text.showEdit({ rows: [answer.segment] });
    if (answer.status === 200 && !drafts.list(draftName(segment)).length) showSaved(segment);
    showChoices(segment);
  }

  function restoreSegment(segment, known) {
    const waiting = known.filter((draft) => draft.state === "waiting");
    const said = saidOf(segment);
    if (waiting.length && !isEditing(said)) {
      said.textContent = waiting.at(-1).fields.text;
      showNote(segment, SAVING);
    }
    showChoices(segment, known);
  }

  // Shows what was written and not confirmed: after a reload, or a change in another tab.
  function restore() {
    const all = drafts.list();
    const withChoices = [...element.querySelectorAll("[data-draft]")].map(segmentOf);
    const withDrafts = all.filter((draft) => draft.name.startsWith("segment:")).map((draft) => text.byId(draft.name.split(":")[1]));
    for (const segment of new Set([...withChoices, ...withDrafts].filter(Boolean))) {
      restoreSegment(segment, all.filter((draft) => draft.name === draftName(segment)));
    }
  }

  element.addEventListener("click", (event) => {
    const said = event.target.closest("[data-said]");
    if (said && !String(getSelection())) begin(said);
  });
  const end = bindHotkeys({ "live.correct": correctLast, "edit.save": LOCAL, "edit.discard": LOCAL, "edit.previous": LOCAL, "edit.next": LOCAL });

  return { settle, restore, end };
}
