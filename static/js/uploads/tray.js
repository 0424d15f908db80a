// The upload tray: what is being sent, how fast, and what can be done about it. It is outside the part of the page that
// navigation replaces, so uploads continue on every page.
import htmx from "htmx.org";
import { showBatch, withBatch } from "./batches.js";
import { watchDrops } from "./drop.js";
import { createAnswerForAll, hideKnown, knownMessage, restoreKnown, showKnown } from "./known_question.js";
import { createQueue } from "./queue.js";
import { paired, sendTranscript } from "./transcript_files.js";
import { formatSize, formatTimeLeft } from "./transfer_rate.js";

const SHOWN_AFTER_DONE_MS = 30_000;
const ACTIONS = {
  checking: ["pause", "cancel"],
  known: ["again", "leave"],
  queued: ["pause", "cancel"],
  sending: ["pause", "cancel"],
  waiting: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  failed: ["retry", "cancel"],
  empty: ["dismiss"],
  "needs-file": ["choose", "cancel"],
  done: ["dismiss"],
};

const percent = (item) => Math.floor((item.sent / (item.size || 1)) * 100);
const formatRate = (bytesPerSecond, bytesLeft) =>
  (bytesPerSecond ? `${formatSize(bytesPerSecond)}/s · ${formatTimeLeft(bytesLeft, bytesPerSecond)}` : "");

const messages = {
  checking: () => "Checking whether your team has it already",
  known: (item) => knownMessage(item.known),
  queued: (item) => `Queued · ${formatSize(item.size)}`,
  sending: (item) => {
    const sent = `${formatSize(item.sent)} of ${formatSize(item.size)}`;
    return [sent, formatRate(item.rate.bytesPerSecond, item.size - item.sent)].filter(Boolean).join(" · ");
  },
  waiting: (item) => item.message || (navigator.onLine ? "The server is not responding. Retrying automatically." : "Resumes when you are online"),
  paused: (item) => `Paused at ${percent(item)} %`,
  failed: (item) => item.message,
  empty: () => "This file is empty (0 bytes). Copy it again from where it was recorded and upload that.",
  "needs-file": (item) => item.message || `Choose ${item.name} again to continue at ${percent(item)} %`,
  done: (item) => `Uploaded and verified · ${formatSize(item.size)}${item.isFolderGone ? " · Its folder no longer exists" : ""}`,
};

export function uploads(element) {
  const list = element.querySelector("#tray-list");
  const questions = element.querySelector("[data-tray-questions]");
  const rows = new Map();
  const queue = createQueue({
    endpoint: element.dataset.endpoint,
    largestChunk: Number(element.dataset.largestChunk),
    user: document.body.dataset.user,
    onChange: (item) => {
      if (item.state === "cancelled") remove(item.id);
      else draw(item);
      summarise();
    },
  });

  const askForAll = createAnswerForAll(element.querySelector("[data-known-all]"), (answer) => {
    for (const item of [...queue.items.values()]) if (item.state === "known") queue.act(answer, item.id);
  });

  function row(item) {
    if (rows.has(item.id)) return rows.get(item.id);
    const made = document.getElementById("tray-item").content.firstElementChild.cloneNode(true);
    made.dataset.id = item.id;
    made.querySelector("[data-field=name]").textContent = item.name;
    list.append(made);
    rows.set(item.id, made);
    return made;
  }

  function draw(item) {
    const made = row(item);
    const isNewState = made.dataset.state !== item.state;
    made.dataset.state = item.state;
    made.toggleAttribute("data-stored", item.isStored);
    made.toggleAttribute("data-started", Boolean(item.url));
    const bar = made.querySelector("progress");
    bar.value = item.size ? (item.sent / item.size) * 1000 : 0;
    bar.hidden = ["done", "empty", "known", "checking"].includes(item.state);
    bar.setAttribute("aria-label", `${item.name}: ${percent(item)} %`);
    made.querySelector("[data-field=message]").textContent = messages[item.state](item);
    if (isNewState) changeState(made, item);
  }

  function changeState(made, item) {
    const focused = made.contains(document.activeElement);
    const acts = item.state === "known" && item.known.restore ? ["restore", ...ACTIONS.known] : ACTIONS[item.state];
    for (const button of made.querySelectorAll("[data-act]")) button.hidden = !acts.includes(button.dataset.act);
    if (item.state === "known") showKnown(made, item.known);
    else hideKnown(made);
    if (focused) made.querySelector("[data-act]:not([hidden])")?.focus();
    if (item.state === "done") showDone(made, item);
    if (["done", "failed", "empty", "needs-file", "known"].includes(item.state)) announce(`${item.name}: ${messages[item.state](item)}`);
  }

  function showDone(made, item) {
    if (item.recording) {
      const link = document.createElement("a");
      Object.assign(link, { href: `/recordings/${item.recording}/`, textContent: item.name });
      made.querySelector("[data-field=name]").replaceChildren(link);
      htmx.process(made);
    }
    setTimeout(() => dismissLater(made, item.id), SHOWN_AFTER_DONE_MS);
  }

  function dismissLater(made, id) {
    if (made.matches(":hover, :focus-within")) setTimeout(() => dismissLater(made, id), SHOWN_AFTER_DONE_MS);
    else queue.act("dismiss", id);
  }

  function remove(id) {
    rows.get(id)?.remove();
    rows.delete(id);
  }

  const announce = (text) => { element.querySelector("[data-tray-news]").textContent = text; };

  function summarise() {
    const items = [...queue.items.values()];
    const unfinished = items.filter((item) => !["done", "known"].includes(item.state));
    const done = items.filter((item) => item.state === "done").length;
    showBatch(element.querySelector("[data-tray-batch]"), items);
    askForAll(items.filter((item) => item.state === "known").length);
    const rate = items.filter((item) => item.state === "sending").reduce((sum, item) => sum + item.rate.bytesPerSecond, 0);
    const bytesLeft = unfinished.reduce((sum, item) => sum + item.size - item.sent, 0);
    element.hidden = items.length === 0 && !questions.children.length && element.querySelector("[data-tray-refusal]").hidden;
    element.querySelector("[data-tray-title]").textContent = unfinished.length
      ? `Uploading ${Math.min(done + 1, items.length)} of ${items.length}`
      : done ? `${done} uploaded` : items.length ? "Files that are here already" : "Transcripts";
    element.querySelector("[data-tray-rate]").textContent = formatRate(rate, bytesLeft);
  }

  function choose(id) {
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.addEventListener("change", () => input.files[0] && queue.act("choose", id, input.files[0]));
    input.click();
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const id = button?.closest("[data-id]").dataset.id;
    if (button?.dataset.act === "choose") choose(id);
    else if (button?.dataset.act === "restore") restore(queue.items.get(id));
    else if (button?.dataset.act === "leave") queue.act("dismiss", id);
    else if (button) queue.act(button.dataset.act, id);
  });
  element.querySelector("[data-tray-collapse]").addEventListener("click", (event) => {
    const isCollapsed = element.classList.toggle("collapsed");
    event.currentTarget.setAttribute("aria-expanded", String(!isCollapsed));
  });

  async function restore(item) {
    const isRestored = await restoreKnown(item.known);
    if (isRestored) queue.act("dismiss", item.id);
    announce(isRestored ? `“${item.known.title}” is restored` : "It could not be restored. Try again.");
  }

  const refusal = element.querySelector("[data-tray-refusal]");

  function refuse(text) {
    refusal.textContent = text;
    refusal.hidden = false;
    element.hidden = false;
  }

  // A transcript is sent ahead, so that a file which can't be read stops its media before megabytes are sent.
  async function offer({ file, transcript }, options) {
    if (!transcript) return queue.add(file, options);
    const { id, message } = await sendTranscript(transcript);
    return id ? queue.add(file, { ...options, transcript: id }) : refuse(message);
  }

  // Leads to the page on which a person says which recording a transcript belongs to.
  function question({ name }, id) {
    const made = document.getElementById("tray-question").content.firstElementChild.cloneNode(true);
    made.querySelector("[data-field=name]").textContent = name;
    const link = made.querySelector("a");
    link.href = `/imports/${id}/`;
    link.addEventListener("click", () => { made.remove(); summarise(); });
    questions.append(made);
    htmx.process(made);
    summarise();
    return link;
  }

  // One that was chosen alone leads there directly.
  async function ask(file, isOnly) {
    const { id, message } = await sendTranscript(file, "It was not imported.");
    if (!id) return refuse(message);
    const link = question(file, id);
    if (isOnly) link.click();
  }

  document.addEventListener("verbatim:files", ({ detail }) => {
    const { pairs, alone } = paired(detail.files);
    refusal.hidden = true;
    const options = withBatch(detail.options, pairs.length);
    for (const pair of pairs) offer(pair, options);
    for (const file of alone) ask(file, detail.files.length === 1);
  });
  watchDrops(document.querySelector("[data-drop-target]"));
  queue.restore().catch(() => {}).finally(() => element.toggleAttribute("data-restored", true));
}
