// The recording of one session in this document: audio source, storage and uplink. It belongs to no page: people move about in
// the application while it continues, and whatever shows it subscribes.
import { createInput } from "./input.js";
import { claimPageId } from "./page_id.js";
import { createRecordingLock } from "./recording_lock.js";
import { openUnsentAudio } from "./transport/unsent_audio.js";
import { createUplink } from "./transport/uplink.js";

export const FRAME_MS = 100;
// With more frames than this unacknowledged, what the server reports is long ago: the page was away and sends what it stored.
const BACKLOG = 100;
// In these nothing is sent from here any more, until someone presses Start again.
const NOT_RECORDING = new Set(["elsewhere", "watching", "refused", "view-only", "signed-out"]);
const TAKEN = new Set(["elsewhere", "watching"]);
const ENDS_CAPTURE = new Set(["over", "refused", "view-only", "signed-out"]);
const RECORDS = new Set(["running", "stopping"]);
// The number after which no change is asked for.
const NO_CHANGES = 999_999_999_999_999;

const DISCONNECTED = "Recording stopped because its source was disconnected. Choose another and start again.";
const NOT_STORED = "This browser can't store audio: keep this page open until the session has ended.";
const STORAGE_FULL = "This browser's storage is full: what is recorded now is saved only while this page stays open.";

// `session` has the id, title, URLs and worklet of a session as its page knows them.
export function createRecording(session) {
  const subscribers = new Set();
  const notify = (event, ...facts) => subscribers.forEach((subscriber) => subscriber[event]?.(...facts));
  const state = { phase: "start", connection: ["connecting"], notice: "", isStarted: false, hasEnded: false };
  let uplink = null;
  let storage = null;
  let pageId = null;

  const notice = {
    get text() { return state.notice; },
    set text(text) {
      state.notice = text;
      notify("notice", text);
    },
  };

  const input = createInput({ workletUrl: session.worklet, notice, onFrame, onEnded: disconnected });

  const lock = createRecordingLock(session.id, async () => {
    if (state.phase !== "running") return;
    await stopCapture();
    setPhase("start");
    follow("elsewhere");
  });

  function setPhase(phase) {
    state.phase = phase;
    notify("phase", phase);
  }

  // Follows the state of the uplink.
  async function follow(connection, seconds) {
    state.connection = [connection, seconds];
    notify("connection", connection, seconds);
    const isTaken = TAKEN.has(connection) && RECORDS.has(state.phase);
    if (isTaken || ENDS_CAPTURE.has(connection)) await stopCapture();
    if (!input.isOpen && RECORDS.has(state.phase) && NOT_RECORDING.has(connection)) setPhase("start");
    // Perhaps the message that said so was lost.
    if (connection === "over") receive({ type: "finished" });
  }

  async function receive(message) {
    if (message.type === "finished" && !(await end())) return;
    if (message.holds) pageId.remember();
    if (message.type === "stop" && message.because === "silence" && uplink.unacknowledged > BACKLOG) return;
    notify("message", message);
    if (message.type === "stop") stop();
  }

  // Resolves to whether the session ended now and the server has all audio. What it never received is offered as a file.
  async function end() {
    if (state.hasEnded) return false;
    state.hasEnded = true;
    await stopCapture();
    const frames = await uplink.unsent();
    if (frames.length) {
      setPhase("unsent");
      notify("unsent", frames, storage);
      return false;
    }
    await storage.clear();
    pageId.forget();
    setPhase("ended");
    return true;
  }

  const ready = (async () => {
    [storage, pageId] = await Promise.all([openUnsentAudio(session.id, () => { notice.text = NOT_STORED; }), claimPageId(session.id)]);
    const stored = await storage.end();
    uplink = createUplink({ url: session.socket, page: pageId.page, storage, onMessage: receive, onState: follow, lastChange });
    uplink.countFrom(stored, stored > 0 || !session.hasAudio);
    if (!state.hasEnded) uplink.open();
    notify("ready");
  })();

  // Changes that no page shows are not asked for; a page that shows them again asks for what it missed.
  function lastChange() {
    const page = [...subscribers].find((subscriber) => subscriber.lastChange);
    return page ? page.lastChange() : NO_CHANGES;
  }

  async function begin({ source, deviceId }) {
    if (input.isOpen || state.phase === "stopping" || state.hasEnded) return;
    if (!(await input.open({ source, deviceId, ready }))) return;
    notice.text = "";
    await lock.acquire();
    // Frames that another window of this browser stored are sent from here.
    const stored = await storage.end();
    uplink.countFrom(stored, uplink.isCounted || stored > 0);
    uplink.take();
    pushEarly();
    if (input.isOpen) run(); // else it was refused before
  }

  function disconnected() {
    pause();
    notice.text = DISCONNECTED;
  }

  function run() {
    state.isStarted = true;
    input.start();
    setPhase("running");
    if (uplink.end) notify("resumed");
  }

  // Audio captured before this window was allowed to record.
  const early = [];
  let mayPush = false;
  function pushEarly() {
    mayPush = input.isOpen;
    early.splice(0).forEach(push);
  }

  function onFrame({ audio, peak }) {
    notify("level", peak);
    if (mayPush) push(audio);
    else early.push(audio);
  }

  function push(audio) {
    uplink.push(audio).catch(() => { notice.text = STORAGE_FULL; });
    notify("time", uplink.end * FRAME_MS);
  }

  async function pause() {
    await stopCapture();
    if (state.phase === "running") setPhase("start");
  }

  async function stopCapture() {
    mayPush = false;
    const wasOpen = await input.close();
    lock.release();
    if (wasOpen) notify("level", 0);
  }

  async function stop() {
    if (state.phase === "stopping" || state.hasEnded) return;
    setPhase("stopping");
    await stopCapture();
    await ready;
    uplink.stop();
  }

  return {
    session,
    state,
    begin,
    pause,
    stop,
    send: (message) => uplink?.send(message),
    get end() { return uplink?.end ?? 0; },
    get unacknowledged() { return uplink?.unacknowledged ?? 0; },
    get isCapturing() { return input.isOpen; },
    // Whether leaving the page would cut something off.
    get isNeeded() { return input.isOpen || state.phase === "stopping" || Boolean(uplink?.isHolder && state.isStarted && !state.hasEnded); },
    subscribe: (subscriber) => { subscribers.add(subscriber); return () => subscribers.delete(subscriber); },
    close: async () => {
      state.hasEnded = true;
      subscribers.clear();
      await stopCapture();
      lock.close();
      await ready.catch(() => {});
      uplink?.close();
      pageId?.release();
    },
  };
}
