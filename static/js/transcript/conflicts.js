// Drafts that wait for a person's choice: below their segment on the page of their session, else in a panel on every page.
import { createDrafts, sessionsWithDrafts } from "./drafts.js";

const REFUSED = "You can't change this any more, or it is gone.";

const isUndecided = (draft) => draft.state !== "waiting";
const isShownByItsPage = (session) => document.querySelector(`[data-module=live-page][data-session="${session}"]`);
// Changes with everything that a choice shows.
export const fingerprint = (draft) => `${draft.key} ${draft.state} ${draft.theirs?.revision}`;

// Returns the two texts of a draft and their buttons. `onEdit()` is given if the text can be edited here; `onChosen(which)`
// is called with "mine" or "theirs".
export function createChoice(draft, drafts, { onEdit, onChosen = () => {} } = {}) {
  const card = document.getElementById("draft-choice").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`[data-choice-${name}]`);
  const isConflict = draft.state === "conflict";
  card.dataset.draft = draft.key;
  part("title").textContent = isConflict ? "Someone else changed this segment" : `Your change was not saved. ${draft.sentence || REFUSED}`;
  part("yours").textContent = draft.fields.text ?? draft.fields.label ?? draft.fields.note ?? "";
  part("theirs").textContent = draft.theirs?.text ?? "";
  part("other").hidden = !isConflict;
  part("mine").textContent = isConflict ? "Use mine" : "Try again";
  part("drop").textContent = isConflict ? "Use theirs" : "Discard";
  part("mine").addEventListener("click", () => { drafts.overrule(draft.key); onChosen("mine"); });
  part("drop").addEventListener("click", () => { drafts.discard(draft.key); onChosen("theirs"); });
  part("edit").hidden = !onEdit;
  part("edit").addEventListener("click", () => onEdit?.());
  return card;
}

// The panel on every page. It also sends what a page left that was closed before the server answered.
export function draftPanel(element) {
  const list = element.querySelector("ul");
  const draftsBySession = new Map();

  function draftsOf(session) {
    if (!draftsBySession.has(session)) draftsBySession.set(session, createDrafts(session, { onAnswer: draw, onChange: () => queueMicrotask(draw) }));
    return draftsBySession.get(session);
  }

  function undecided() {
    const sessions = sessionsWithDrafts().filter((session) => !isShownByItsPage(session)).map(draftsOf);
    return sessions.flatMap((drafts) => drafts.list().filter(isUndecided).map((draft) => ({ draft, drafts })));
  }

  function row({ draft, drafts }) {
    const made = document.createElement("li");
    made.dataset.shows = fingerprint(draft);
    made.append(createChoice(draft, drafts));
    return made;
  }

  function draw() {
    const wanted = undecided();
    const shown = [...list.children].map((one) => one.dataset.shows);
    if (shown.join() === wanted.map(({ draft }) => fingerprint(draft)).join()) return;
    list.replaceChildren(...wanted.map(row));
    element.hidden = !wanted.length;
  }

  function send() {
    for (const session of sessionsWithDrafts()) if (!isShownByItsPage(session)) draftsOf(session).resend();
    draw();
  }

  addEventListener("storage", draw);
  document.body.addEventListener("htmx:afterSettle", send);
  send();
}
