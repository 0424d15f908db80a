// The page of a live session, for the member who records and for those who watch: the editor of its transcript, at whose end
// words arrive.
import { createPosition, formatDuration, pausedSince } from "../clock.js";
import { createAsides } from "../editor/asides.js";
import { createEditor } from "../editor/editor.js";
import { createStore } from "../editor/protocol/store.js";
import { bindHotkeys, LOCAL } from "../hotkeys.js";
import { createControls } from "../recorder/controls.js";
import { socketUrl } from "../socket.js";
import { createAutoscroll } from "../transcript/autoscroll.js";
import { createDrafts } from "../transcript/drafts.js";
import { createViewer } from "../transcript/viewer.js";
import { createLiveTransport } from "./live_transport.js";
import { createLog } from "./log.js";
import { createMarkers } from "./markers.js";
import { createOverwritten } from "./overwritten.js";
import { createSaveState } from "./save_state.js";
import { createSpeakerName } from "./speaker_name.js";

const HINT_SHOWN_MS = 6_000;
const VIEW_ONLY = "You have view-only access. Ask a team owner for edit access.";
const NO_WORDS = "Nothing to correct yet: grey words are still provisional. They can be corrected once they turn dark.";
const NO_SPEAKER = "No speaker to name yet: the first words have not been transcribed.";
const EDIT_KEYS = ["live.correct", "live.speaker", "live.mark", "live.note"];

const read = (id) => JSON.parse(document.getElementById(id).textContent);

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
  return bindHotkeys(Object.fromEntries(EDIT_KEYS.map((id) => [id, explain])), { isListed: false });
}

// The keys for the last segment. Returns what releases them.
function bindLast({ editor, openName, hint }) {
  function correct() {
    const last = editor.rows().at(-1);
    if (!last) return hint(NO_WORDS);
    editor.select(last.id, last.text.length);
    editor.view.focus();
  }

  function name() {
    const last = editor.rows().at(-1);
    if (!last) return hint(NO_SPEAKER);
    openName(last.id, editor.view.dom.querySelector(`[data-id="${CSS.escape(last.id)}"] .spk`));
  }

  return bindHotkeys({ "live.correct": correct, "live.speaker": name, "edit.save": LOCAL, "edit.discard": LOCAL });
}

// Whether someone is in the text and not at its end: what arrives must not move it away.
function isElsewhere({ view }) {
  const focused = document.activeElement;
  if (!view.dom.contains(focused)) return false;
  const { $head } = view.state.selection;
  return focused !== view.dom || $head.parent !== view.state.doc.lastChild?.lastChild;
}

// Returns `show(from, until)`, which shows where the provider was away.
function createGaps(element, asides) {
  const template = element.querySelector("template[data-template=gap]");
  return (from, until) => {
    const key = `gap:${from}`;
    const node = asides.get(key) ?? template.content.firstElementChild.cloneNode(true);
    node.querySelector("[data-moment]").textContent = `${formatDuration(from)}–${formatDuration(until)}`;
    asides.show(key, from, node);
  };
}

// The editor with what is around its text; `send(message)` sends through the session's socket.
function createText({ element, part, send, saveState }) {
  const data = read("transcript-data");
  const store = createStore(data.urls.edits);
  const transport = createLiveTransport({ data, client: store.client, send });
  const asides = createAsides({ startOf: (id) => editor?.row(id)?.start_ms ?? null });
  let editor = null;
  let openName = () => {};
  editor = createEditor({
    root: part("text"),
    data,
    store,
    transport,
    extra: [asides.plugin],
    onState: saveState,
    onHeader: ({ kind, id, element: button }) => { if (kind === "speaker") openName(id, button); },
  });
  editor.subscribe(asides.refresh);
  if (data.editable) openName = createSpeakerName({ root: element, field: part("speaker-name"), editor: () => editor });
  return { data, client: store.client, transport, asides, editor, openName: (...place) => openName(...place) };
}

export function livePage(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const hint = createHint(part("hint"));
  const saveState = createSaveState({ part, editor: () => editor });
  let role = null;
  const send = (message) => role?.send(message) ?? false;
  const { data, client, transport, asides, editor, openName } = createText({ element, part, send, saveState: saveState.show });
  const position = createPosition(Number(element.dataset.at), () => part("recording-sign").hidden === false);
  const drafts = createDrafts(element.dataset.session, {
    onAnswer: (_, answer) => markers.settle(answer),
    onChange: () => dispatchEvent(new Event("drafts")),
  });
  const markers = createMarkers({ element, asides, drafts, now: () => position.nowMs });
  const showGap = createGaps(element, asides);
  const overwritten = createOverwritten({ template: element.querySelector("template[data-template=overwritten]"), url: element.dataset.conflicts, asides, editor: () => editor });
  const log = createLog(part("log"), data.rows);
  const provisional = part("provisional");
  const autoscroll = createAutoscroll({
    end: provisional,
    button: part("jump-to-live"),
    isHeld: () => isElsewhere(editor),
    onJump: () => editor.view.dom.contains(document.activeElement) && document.activeElement.blur(),
  });
  const unbind = data.editable ? bindLast({ editor, openName, hint }) : explainViewOnly(hint);

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

  function showProvisional(text) {
    if (provisional.textContent !== text) provisional.textContent = text;
    autoscroll.scroll();
  }

  function takeEdit(message) {
    if (log.take(message)) showProvisional("");
    if (data.editable) overwritten.take(message);
  }

  async function finish() {
    showStatus("Saving the recording …");
    await Promise.all([drafts.settled(), saveState.settled()]);
    location.href = element.dataset.done;
  }

  // What the server sends, by type. The editor takes changes of the text.
  const handlers = {
    edit: takeEdit,
    marker: markers.show,
    gap: ({ from_ms: from, until_ms: until }) => showGap(from, until),
    partial: (message) => { showProvisional(message.text); showLag(message.text ? message.lag_ms : null); },
    clock: (message) => { if (message.at_ms > position.lastMs) showTime(message.at_ms); },
    watching: ({ count }) => { part("watching").textContent = count ? `${count} watching` : ""; },
    relay: (message) => { part("relay").textContent = message.sentence; },
    paused: ({ since }) => showPaused(since),
    resumed: () => showPaused(null),
    hello: (message) => {
      if ("paused" in message) showPaused(message.paused);
      takeEdit(message);
      message.markers.forEach(markers.show);
      message.gaps.forEach(([from, until]) => showGap(from, until));
    },
    finished: finish,
  };

  function receive(message) {
    transport.receive(message);
    handlers[message.type]?.(message);
  }

  const lastChange = () => transport.change;
  const createRole = () =>
    ("canRecord" in element.dataset
      ? createControls({ element, part, showStatus, onMessage: receive, onTime: showTime, onResumed: markers.markBreak, lastChange })
      : createViewer({ url: socketUrl(element.dataset.socket), page: client, showStatus, onMessage: receive, lastChange }));

  const { markers: marked, gaps } = read("live-asides");
  marked.forEach(markers.show);
  gaps.forEach(([from, until]) => showGap(from, until));
  if (data.editable) overwritten.take(data);
  showTime(position.lastMs);
  drafts.resend();
  role = createRole();
  return () => {
    unbind();
    for (const one of [editor, role, autoscroll, drafts, markers]) one.end();
  };
}
