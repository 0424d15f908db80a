// What is done with the selected recordings: one request an act, followed until it is done, and undone as a whole.
import htmx from "htmx.org";
import { uuid } from "../ids.js";
import { bindAll } from "../modules.js";
import { csrf } from "../requests.js";

const SHOWN = "verbatim-bulk-act";
// While an act is in progress its events may be lost.
const POLL_MS = 3_000;
const AWAY = "The server could not be reached. Nothing was changed; try again.";

// Verbs for which something is chosen first: what the dialog is called, and its button.
const DIALOGS = {
  move: ["Move to a folder", "Move"],
  tag: ["Add a tag", "Add tag"],
  untag: ["Remove a tag", "Remove tag"],
  assign: ["Assign for review", "Assign"],
  export: ["Export as ZIP", "Export"],
};

export function createActs(element, { selected, filterOf }) {
  const dialog = element.querySelector("dialog");
  const form = element.querySelector("[data-bulk-form]");
  const result = element.querySelector("[data-dock-result]");
  const holder = element.querySelector("[data-dock-act]");
  const problem = element.querySelector("[data-dock-problem]");
  const part = () => holder.querySelector("[data-refresh=bulk]");
  let verb = "";
  // The act's name, new for each that is asked for: pressed twice, it is done once.
  let clientId = "";
  let opener = null;
  let isSending = false;

  function complain(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  async function begin(parameters = {}) {
    if (isSending) return;
    isSending = true;
    complain("");
    const which = selected.isAll ? { all: true } : { recordings: selected.ids };
    const body = JSON.stringify({ client_id: clientId, verb, parameters, ...which });
    const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/json", Accept: "application/json" };
    const url = `${element.dataset.href}${selected.isAll ? `?${filterOf()}` : ""}`;
    try {
      const response = await fetch(url, { method: "POST", headers, body });
      const answer = await response.json();
      if (response.ok) await begun(answer);
      else complain(answer.detail ?? AWAY);
    } catch {
      complain(AWAY);
    }
    isSending = false;
  }

  async function begun({ id, href }) {
    selected.clear();
    if (!id) return follow(href);
    sessionStorage.setItem(SHOWN, id);
    await show(id);
    result.querySelector("[data-dock-dismiss]").focus({ preventScroll: true });
  }

  // As a link of the page does: uploads in the tray continue.
  function follow(href) {
    const link = Object.assign(document.createElement("a"), { href });
    element.append(link);
    htmx.process(link);
    link.click();
  }

  // Shows an act; one that is gone is forgotten.
  async function show(id) {
    const response = await fetch(`${element.dataset.href}${id}/`, { headers: { "HX-Request": "true", "HX-Target": `bulk-${id}` } }).catch(() => null);
    if (!response?.ok || response.redirected) return response && dismiss();
    holder.innerHTML = await response.text();
    htmx.process(holder);
    bindAll(holder);
    result.hidden = false;
  }

  function dismiss() {
    sessionStorage.removeItem(SHOWN);
    holder.replaceChildren();
    result.hidden = true;
  }

  async function open(button) {
    verb = button.dataset.verb;
    clientId = uuid();
    button.closest("details")?.removeAttribute("open");
    if (!(verb in DIALOGS)) return begin();
    const [title, submit] = DIALOGS[verb];
    opener = button.closest("details")?.querySelector("summary") ?? button;
    dialog.querySelector("#bulk-title").textContent = title;
    dialog.querySelector("[data-bulk-submit]").textContent = submit;
    dialog.showModal();
    await htmx.ajax("GET", `${element.dataset.href}forms/${verb}/`, { source: dialog, target: "#bulk-form", swap: "outerHTML", select: "unset" });
    dialog.querySelector("#bulk-form :is(select, input)")?.focus();
  }

  // Undone where it is shown, without leaving the page.
  async function undo(event) {
    event.preventDefault();
    event.stopPropagation();
    const { action } = event.target;
    const headers = { "X-CSRFToken": csrf() };
    const isSent = await fetch(action, { method: "POST", headers }).then((response) => response.ok, () => false);
    if (isSent) await show(part().dataset.recording);
    else complain(AWAY);
  }

  element.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-verb]");
    if (button) open(button);
    if (target === dialog || target.closest("[data-close]")) dialog.close();
    if (target.closest("[data-dock-dismiss]")) {
      dismiss();
      document.getElementById("page").focus({ preventScroll: true });
    }
  });
  dialog.addEventListener("close", () => opener?.focus({ preventScroll: true }));
  form.addEventListener("submit", () => begin(Object.fromEntries(new FormData(form))));
  // Before htmx, which would lead to the page of the act.
  holder.addEventListener("submit", undo, true);
  const timer = setInterval(() => {
    const shown = part();
    if (shown?.hasAttribute("data-waiting") && !document.hidden) show(shown.dataset.recording);
  }, POLL_MS);
  const kept = sessionStorage.getItem(SHOWN);
  if (kept) show(kept);

  return { release: () => clearInterval(timer) };
}
