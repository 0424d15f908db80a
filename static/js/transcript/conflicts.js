// Drafts that wait for a person's choice, wherever they were written: in their line on the page of their session, else
// in a panel on every page.
import { drafts, sessionsWithDrafts } from "./drafts.js";

// The two texts and the buttons for one draft. `edit()` is offered if the text can be edited here.
export function choice(draft, box, { edit, after = () => {} } = {}) {
  const card = document.getElementById("draft-choice").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`[data-${name}]`);
  const isConflict = draft.state === "conflict";
  card.dataset.draft = draft.key;
  part("choice-title").textContent = isConflict
    ? "Someone else changed this segment"
    : `Your change was not saved. ${draft.sentence || "You can't change this any more, or it is gone."}`;
  part("choice-yours").textContent = draft.fields.text ?? draft.fields.label ?? draft.fields.note ?? "";
  part("choice-theirs").textContent = draft.theirs?.text ?? "";
  part("choice-other").hidden = !isConflict;
  part("choice-mine").textContent = isConflict ? "Use mine" : "Try again";
  part("choice-drop").textContent = isConflict ? "Use theirs" : "Discard";
  part("choice-mine").addEventListener("click", () => { box.insist(draft.key); after("mine"); });
  part("choice-drop").addEventListener("click", () => { box.drop(draft.key); after("theirs"); });
  part("choice-edit").hidden = !edit;
  part("choice-edit").addEventListener("click", () => edit?.());
  return card;
}

// The panel on every page. What a page left behind that was closed before the server answered is sent from here.
export function draftPanel(element) {
  const list = element.querySelector("ul");
  const boxes = new Map();

  const isShown = (session) => document.querySelector(`[data-module=live][data-session="${session}"]`);

  function boxOf(session) {
    if (!boxes.has(session)) boxes.set(session, drafts(session, draw, { changed: () => queueMicrotask(draw) }));
    return boxes.get(session);
  }

  function draw() {
    const undecided = sessionsWithDrafts()
      .filter((session) => !isShown(session))
      .flatMap((session) => boxOf(session).list().filter((draft) => draft.state !== "waiting").map((draft) => [draft, boxOf(session)]));
    const isSame = undecided.length === list.children.length
      && undecided.every(([draft], at) => list.children[at].dataset.state === `${draft.key} ${draft.state} ${draft.theirs?.revision}`);
    if (isSame) return;
    list.replaceChildren(...undecided.map(([draft, box]) => {
      const row = document.createElement("li");
      row.dataset.state = `${draft.key} ${draft.state} ${draft.theirs?.revision}`;
      row.append(choice(draft, box));
      return row;
    }));
    element.hidden = !undecided.length;
  }

  function send() {
    for (const session of sessionsWithDrafts()) if (!isShown(session)) boxOf(session).resend();
    draw();
  }

  addEventListener("storage", draw);
  document.body.addEventListener("htmx:afterSettle", send);
  send();
}
