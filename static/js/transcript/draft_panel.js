// The panel on every page with what waits for a person's decision: notes that the server refused, and edits that an earlier
// version kept in this browser. It also sends what a page left that was closed before the server answered.
import { createDrafts, sessionsWithDrafts } from "./drafts.js";

const REFUSED = "You can't change this any more, or it is gone.";
const EARLIER = "This edit was never saved. Copy it, and put it into the text if it is missing there.";

const isUndecided = (draft) => draft.state !== "waiting";
// The page of a session sends its own.
const isSentByItsPage = (session) => document.querySelector(`[data-module=live-page][data-session="${session}"]`);
const fingerprint = ({ key, state }) => `${key} ${state}`;

// Returns the card of a draft.
function createCard(draft, { session, drafts }) {
  const card = document.getElementById("draft-card").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`[data-draft-${name}]`);
  const { text, label, note } = draft.fields;
  const words = text ?? label ?? note ?? "";
  const isRefused = draft.state === "refused";
  card.dataset.shows = fingerprint(draft);
  part("title").textContent = isRefused ? `Your change was not saved. ${draft.sentence || REFUSED}` : EARLIER;
  part("words").textContent = words;
  part("open").href = `/live/${session}/`;
  part("retry").hidden = !isRefused;
  part("retry").addEventListener("click", () => drafts.retry(draft.key));
  part("copy").hidden = !words;
  part("copy").addEventListener("click", () => copy(words, part("copy"), part("words")));
  part("discard").addEventListener("click", () => drafts.discard(draft.key));
  return card;
}

// Without access to the clipboard the words are selected, ready to be copied by hand.
async function copy(words, button, shown) {
  try {
    await navigator.clipboard.writeText(words);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(shown);
  }
}

export function draftPanel(element) {
  const list = element.querySelector("ul");
  const draftsBySession = new Map();

  function draftsOf(session) {
    if (!draftsBySession.has(session)) draftsBySession.set(session, createDrafts(session, { onAnswer: draw, onChange: () => queueMicrotask(draw) }));
    return draftsBySession.get(session);
  }

  function undecided() {
    const found = sessionsWithDrafts().map((session) => ({ session, drafts: draftsOf(session) }));
    return found.flatMap((one) => one.drafts.list().filter(isUndecided).map((draft) => createCard(draft, one)));
  }

  function draw() {
    const wanted = undecided();
    const shows = (cards) => cards.map((card) => card.dataset.shows).join();
    if (shows([...list.children]) === shows(wanted)) return;
    list.replaceChildren(...wanted);
    element.hidden = !wanted.length;
  }

  function send() {
    for (const session of sessionsWithDrafts()) if (!isSentByItsPage(session)) draftsOf(session).resend();
    draw();
  }

  addEventListener("storage", draw);
  addEventListener("drafts", draw);
  document.body.addEventListener("htmx:afterSettle", send);
  send();
}
