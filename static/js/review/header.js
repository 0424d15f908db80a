// The header's part in the review: status, reviewer and due date, as the server words them, and what a person does with them.
import { post } from "../requests.js";

const UNREACHABLE = "The server can’t be reached. Try again.";
const UNSAVED = "Your changes aren’t saved yet. Approve the transcript once they are.";
const SAVED_WITHIN_MS = 5_000;
const PARTS = ["review", "approval"];

// Resolves to whether everything is saved, at the latest after a while.
function savedSoon(editor) {
  editor.flush();
  return new Promise((resolve) => {
    const poll = setInterval(() => editor.isSaved && settle(), 100);
    const limit = setTimeout(settle, SAVED_WITHIN_MS);
    function settle() {
      clearInterval(poll);
      clearTimeout(limit);
      resolve(editor.isSaved);
    }
  });
}

// Puts the new parts in place of the old; an open menu stays open, and the focus where it was.
function replaceParts(root, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const id of PARTS) {
    const [old, fresh] = [root.querySelector(`#${id}`), holder.content.querySelector(`#${id}`)];
    if (!old || !fresh) continue;
    const focused = old.contains(document.activeElement);
    const menu = fresh.querySelector("details");
    if (menu && old.querySelector("details")?.open) menu.open = true;
    old.replaceWith(fresh);
    if (focused) (fresh.querySelector("summary") ?? fresh.querySelector("button"))?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("verbatim:swapped", { detail: { element: fresh } }));
  }
}

// `onReplaced()` is called when the header was drawn anew.
export function createReviewHeader({ root, editor, url, tell, onReplaced = () => {} }) {
  const dialog = root.querySelector("[data-approve-dialog]");
  let isAsking = false;
  let isStale = false;

  async function refresh() {
    if (isAsking) return void (isStale = true);
    isAsking = true;
    isStale = false;
    const html = await fetch(url).then((response) => (response.ok && !response.redirected ? response.text() : "")).catch(() => "");
    isAsking = false;
    if (html) replaceParts(root, html);
    onReplaced();
    if (isStale) refresh();
  }

  // Asks about doubtful words; resolves to whether the person approves nevertheless.
  function confirmed(sentence) {
    dialog.querySelector("[data-approve-text]").textContent = sentence;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
  }

  async function send(action, fields) {
    if (fields.to === "approved" && !(await savedSoon(editor))) return tell(UNSAVED);
    const seq = "seq" in fields ? { seq: editor.change } : {};
    const answer = await post(action, { ...fields, ...seq });
    if (answer.code === "confirm_doubtful" && (await confirmed(answer.detail))) return send(action, { ...fields, doubts: answer.count });
    if (answer.status === 200) return refresh();
    if (answer.code !== "confirm_doubtful") tell(answer.detail ?? UNREACHABLE);
    return undefined;
  }

  function submitted(event) {
    if (!event.target.matches("[data-review-form]")) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target, event.submitter));
    const menu = event.target.closest("details");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    send(event.target.action, fields);
  }

  const answer = (value) => () => dialog.close(value);
  dialog?.querySelector("[data-confirm]").addEventListener("click", answer("yes"));
  dialog?.querySelector("[data-cancel]").addEventListener("click", answer(""));
  root.addEventListener("submit", submitted);

  return {
    receive: ({ review }) => {
      const shown = root.querySelector("#review");
      if (review && shown && shown.dataset.stamp !== review.stamp) refresh();
    },
    end: () => root.removeEventListener("submit", submitted),
  };
}
