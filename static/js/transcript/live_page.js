// The page of a live session, for the member who records and for those who watch.
import { createPosition, formatDuration, pausedSince } from "../clock.js";
import { bindHotkeys } from "../hotkeys.js";
import { createControls } from "../recorder/controls.js";
import { socketUrl } from "../socket.js";
import { createChangeFeed } from "./change_feed.js";
import { createCorrections } from "./corrections.js";
import { createDrafts } from "./drafts.js";
import { createLiveText } from "./live_text.js";
import { createMarkers } from "./markers.js";
import { createSpeakerNames } from "./speaker_names.js";
import { createViewer } from "./viewer.js";

const HINT_SHOWN_MS = 6_000;
const VIEW_ONLY = "You have view-only access. Ask a team owner for edit access.";
const EDIT_KEYS = ["live.correct", "live.speaker", "live.mark", "live.note"];
// In place of editing, for those who can't.
const NO_EDITING = { settle: () => {}, restore: () => {}, end: () => {} };

// Returns what says why a key did nothing, on the screen and to a screen reader.
function createHint(node) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    node.textContent = "";
    requestAnimationFrame(() => { node.textContent = text; });
    timer = setTimeout(() => { node.textContent = ""; }, HINT_SHOWN_MS);
  };
}

function explainViewOnly(hint) {
  const explain = () => hint(VIEW_ONLY);
  return { ...NO_EDITING, end: bindHotkeys(Object.fromEntries(EDIT_KEYS.map((id) => [id, explain])), { isListed: false }) };
}

export function livePage(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const text = createLiveText(element);
  const hint = createHint(part("hint"));
  const position = createPosition(Number(element.dataset.at), () => part("recording-sign").hidden === false);
  const changes = createChangeFeed(Number(element.dataset.change), (change) => role.send({ type: "since", change }));
  const drafts = createDrafts(element.dataset.session, {
    onAnswer: (name, answer, draft) => ({ segment: corrections, voice: names, marker: markers })[name.split(":")[0]].settle(answer, draft),
    onChange: () => queueMicrotask(corrections.restore),
  });
  const tools = { element, text, drafts, hint };
  const canEdit = "editor" in element.dataset;
  const corrections = canEdit ? createCorrections(tools) : explainViewOnly(hint);
  const names = canEdit ? createSpeakerNames(tools) : NO_EDITING;
  const markers = createMarkers({ ...tools, now: () => position.nowMs });

  function showStatus(status, kind = "") {
    part("status").textContent = status;
    part("status").className = `pill ${kind}`;
  }

  function showTime(ms) {
    position.update(ms);
    part("elapsed").textContent = formatDuration(ms);
  }

  function showLag(ms) {
    part("lag").textContent = ms === null ? "" : `${(ms / 1000).toFixed(1)} s behind`;
  }

  // Shown beside the connection of this page, which says nothing about the page that records.
  function showPaused(since) {
    part("paused").textContent = since ? pausedSince(since) : "";
  }

  function showGap(from, until) {
    text.showItem(`gap:${from}`, from, (node) => {
      node.querySelector("[data-moment]").textContent = `${formatDuration(from)}–${formatDuration(until)}`;
    });
  }

  async function finish() {
    showStatus("Saving the recording …");
    await drafts.settled();
    location.href = element.dataset.done;
  }

  // What the server sends, by type.
  const handlers = {
    edit: text.showEdit,
    marker: markers.show,
    gap: ({ from_ms: from, until_ms: until }) => showGap(from, until),
    partial: (message) => { text.showProvisional(message.text); showLag(message.text ? message.lag_ms : null); },
    clock: (message) => { if (message.at_ms > position.lastMs) showTime(message.at_ms); },
    watching: ({ count }) => { part("watching").textContent = count ? `${count} watching` : ""; },
    relay: (message) => { part("relay").textContent = message.sentence; },
    paused: ({ since }) => showPaused(since),
    resumed: () => showPaused(null),
    hello: ({ rows, speakers, markers: marked, gaps, change, paused }) => {
      showPaused(paused);
      text.showEdit({ rows, speakers });
      marked.forEach(markers.show);
      gaps.forEach(([from, until]) => showGap(from, until));
      changes.advanceTo(change);
    },
    finished: finish,
  };

  function receive(message) {
    handlers[message.type]?.(message);
    if (message.change && message.type !== "hello") changes.add(message.change);
  }

  const lastChange = () => changes.last;
  const createRole = () =>
    ("canRecord" in element.dataset
      ? createControls({ element, part, showStatus, onMessage: receive, onTime: showTime, onResumed: markers.markBreak, lastChange })
      : createViewer({ url: socketUrl(element.dataset.socket), showStatus, onMessage: receive, lastChange }));

  showTime(position.lastMs);
  corrections.restore();
  drafts.resend();
  addEventListener("storage", corrections.restore);
  const role = createRole();
  return () => {
    removeEventListener("storage", corrections.restore);
    for (const one of [role, text, changes, drafts, corrections, names, markers]) one.end();
  };
}
