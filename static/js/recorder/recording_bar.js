// What goes on while another page is shown: that it records, for how long, how loud, and the way back.
import htmx from "htmx.org";
import { createMeter } from "./level_meter.js";
import { all, discard, watch } from "./recordings.js";
import { FRAME_MS } from "./recording.js";
import { clock } from "../transcript/live_text.js";

const WORDS = { running: "Recording", start: "Paused", stopping: "Saving the last words …", ended: "Saved", left: "Ended with unsent audio" };
const CONNECTIONS = {
  reconnecting: "Reconnecting; your audio is stored in this browser",
  slow: "The server is slow; your audio is stored in this browser",
  elsewhere: "This session is being recorded in another window",
  watching: "This session is being recorded in another window",
  "view-only": "You can no longer record in this team",
  "signed-out": "You have been signed out; your audio is stored in this browser",
  refused: "No live place is free",
};
const ENDED_FOR_MS = 20_000;

export function recordingBar(element) {
  const part = (name) => element.querySelector(`[data-bar-${name}]`);
  const meter = createMeter(part("meter"), {});
  let shown = null;
  let unsubscribe = () => {};

  const isElsewhere = (one) => !document.querySelector(`[data-module=live][data-session="${one.session.id}"]`);
  const isWorthABar = (one) => one.isNeeded || one.waiting > 0 || (one.state.isStarted && !one.state.ended) || ["ended", "left"].includes(one.state.phase);

  function follow(recording) {
    if (shown === recording) return;
    unsubscribe();
    shown = recording;
    unsubscribe = recording?.subscribe({ level: (peak) => meter.hear(peak), phase: leaveSoon }) ?? (() => {});
    element.hidden = !recording;
    if (!recording) return;
    part("title").textContent = recording.session.title;
    linkTo(recording.session.page);
  }

  // A boosted link remembers where it led when it was made.
  function linkTo(href) {
    const old = part("back");
    const fresh = old.cloneNode(true);
    fresh.href = href;
    old.replaceWith(fresh);
    htmx.process(fresh);
  }

  function leaveSoon(phase) {
    if (phase !== "ended") return;
    const ended = shown;
    setTimeout(() => ended.state.phase === "ended" && discard(ended), ENDED_FOR_MS);
  }

  function draw() {
    follow(all().find((one) => isElsewhere(one) && isWorthABar(one)) ?? null);
    if (!shown) return;
    const { phase, how, news } = shown.state;
    element.dataset.phase = phase;
    write(part("state"), WORDS[phase]);
    write(part("time"), clock(shown.end * FRAME_MS));
    write(part("news"), news || (["ended", "left"].includes(phase) ? "" : CONNECTIONS[how[0]] ?? ""));
    part("news").hidden = !part("news").textContent;
    part("meter").hidden = phase !== "running";
  }

  // A live region repeats what is written again.
  function write(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  watch(draw);
  document.body.addEventListener("htmx:afterSettle", draw);
  draw();
}
