// The bar that shows a recording while another page is open: its state, duration and level, and the link back.
import htmx from "htmx.org";
import { formatDuration } from "../clock.js";
import { createMeter } from "./level_meter.js";
import { FRAME_MS } from "./recording.js";
import { allRecordings, discard, watchRecordings } from "./recordings.js";

const PHASES = { running: "Recording", start: "Paused", stopping: "Saving the last words …", ended: "Saved", unsent: "Ended with unsent audio" };
const CONNECTIONS = {
  reconnecting: "Reconnecting; your audio is stored in this browser",
  slow: "The server is slow; your audio is stored in this browser",
  elsewhere: "This session is being recorded in another window",
  watching: "This session is being recorded in another window",
  "view-only": "You can no longer record in this team",
  "signed-out": "You have been signed out; your audio is stored in this browser",
  refused: "No live slot is free",
};
const OVER = ["ended", "unsent"];
const SHOWN_AFTER_END_MS = 20_000;

// A live region repeats what is written again.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const isShownByItsPage = ({ session }) => document.querySelector(`[data-module=live-page][data-session="${session.id}"]`);

function isInProgress({ isNeeded, unacknowledged, state }) {
  return isNeeded || unacknowledged > 0 || (state.isStarted && !state.hasEnded) || OVER.includes(state.phase);
}

export function recordingBar(element) {
  const part = (name) => element.querySelector(`[data-bar-${name}]`);
  const meter = createMeter(part("meter"), {});
  let shown = null;
  let unsubscribe = () => {};

  function show(recording) {
    if (shown === recording) return;
    unsubscribe();
    shown = recording;
    unsubscribe = recording?.subscribe({ level: meter.update, phase: hideLater }) ?? (() => {});
    element.hidden = !recording;
    if (!recording) return;
    part("title").textContent = recording.session.title;
    linkTo(recording.session.page);
  }

  // A boosted link keeps the address that it had when it was processed: a new one is needed.
  function linkTo(href) {
    const old = part("back");
    const fresh = old.cloneNode(true);
    fresh.href = href;
    old.replaceWith(fresh);
    htmx.process(fresh);
  }

  function hideLater(phase) {
    if (phase !== "ended") return;
    const ended = shown;
    setTimeout(() => ended.state.phase === "ended" && discard(ended), SHOWN_AFTER_END_MS);
  }

  function draw() {
    show(allRecordings().find((one) => !isShownByItsPage(one) && isInProgress(one)) ?? null);
    if (!shown) return;
    const { phase, connection, notice } = shown.state;
    element.dataset.phase = phase;
    write(part("state"), PHASES[phase]);
    write(part("time"), formatDuration(shown.end * FRAME_MS));
    write(part("news"), notice || (OVER.includes(phase) ? "" : CONNECTIONS[connection[0]] ?? ""));
    part("news").hidden = !part("news").textContent;
    part("meter").hidden = phase !== "running";
  }

  watchRecordings(draw);
  document.body.addEventListener("htmx:afterSettle", draw);
  draw();
}
