// One session's recording in this document: microphone, storage and the way to the server. It belongs to no page:
// people move about in the application while it goes on, and whatever shows it subscribes.
import { capture, Refused } from "./capture.js";
import { handover } from "./recording_lock.js";
import { claim } from "./page_id.js";
import { link } from "./transport/uplink.js";
import { spool } from "./transport/unsent_audio.js";

export const FRAME_MS = 100;
// With more than this under way, what the server notices is long ago: the page was away and sends what it stored.
const BACKLOG = 100;
// A source that delivers nothing for so long is worth a word.
const NOTHING_COMES_MS = 5_000;
const STILL_WAITING_MS = 5_000;
// After these nothing is sent from here any more, until someone presses Start again.
const END_STATES = new Set(["elsewhere", "watching", "refused", "view-only", "signed-out"]);
const NEWEST = 999_999_999_999_999;

const PERMISSION = "Waiting for permission to record …";
const STILL_WAITING = "Still waiting for permission. Answer the browser's question beside the address, or press Start again.";
const NOTHING_COMES = "No audio is arriving from this source. Check that it is connected and not muted, or choose another.";
const ENDED = "Recording stopped because its source was disconnected. Choose another and start again.";

// `session` has the id, title, urls and worklet of a session as its page knows them.
export function createRecording(session) {
  const listeners = new Set();
  const tell = (event, ...facts) => listeners.forEach((listener) => listener[event]?.(...facts));
  const state = { phase: "start", how: ["connecting"], news: "", attempt: 0, ended: false };
  let way = null;
  let kept = null;
  let input = null;
  let identity = null;
  let lock = null;
  let watchdog = 0;

  const hands = handover(session.id, async () => {
    if (state.phase !== "running") return;
    await halt();
    show("start");
    changed("elsewhere");
  });

  function show(phase) {
    state.phase = phase;
    tell("phase", phase);
  }

  function news(text) {
    state.news = text;
    tell("news", text);
  }

  async function changed(how, seconds) {
    state.how = [how, seconds];
    tell("state", how, seconds);
    const isLost = ["elsewhere", "watching"].includes(how) && ["running", "stopping"].includes(state.phase);
    if (isLost || ["over", "refused", "view-only", "signed-out"].includes(how)) await halt();
    if (how !== "over" && !input && ["running", "stopping"].includes(state.phase) && END_STATES.has(how)) show("start");
    // Perhaps the message that said so was lost.
    if (how === "over") saved({ type: "finished" });
  }

  async function saved(message) {
    if (message.type === "finished") {
      if (state.ended) return;
      state.ended = true;
      await halt();
      const left = await way.unsent();
      if (left.length) {
        show("left");
        tell("left", left, kept);
        return;
      }
      await kept.clear();
      identity.forget();
      show("ended");
    }
    if (message.holds) identity.remember();
    if (message.type === "stop" && message.because === "silence" && way.waiting > BACKLOG) return;
    tell("message", message);
    if (message.type === "stop") stop();
  }

  const ready = (async () => {
    [kept, identity] = await Promise.all([spool(session.id, () => news("This browser can't store audio: keep this page open until the session has ended.")), claim(session.id)]);
    const waiting = await kept.end();
    way = link({ url: session.socket, page: identity.page, kept, hear: saved, changed, last });
    way.begin(waiting, waiting > 0 || !session.again);
    if (!state.ended) way.open();
    tell("ready", waiting);
  })();

  // What is shown nowhere is not asked for; a page that shows it again asks for what it missed.
  function last() {
    const viewer = [...listeners].find((listener) => listener.last);
    return viewer ? viewer.last() : NEWEST;
  }

  async function begin({ source, deviceId }) {
    if (input || state.phase === "stopping" || state.ended) return;
    const attempt = ++state.attempt;
    const isWanted = () => attempt === state.attempt;
    news(PERMISSION);
    const still = setTimeout(() => isWanted() && state.news === PERMISSION && news(STILL_WAITING), STILL_WAITING_MS);
    try {
      await ready;
      const got = await capture({
        source,
        deviceId,
        workletUrl: session.worklet,
        take,
        ended: () => { pause(); news(ENDED); },
        isWanted,
      });
      if (!isWanted()) return await got.stop();
      input = got;
    } catch (error) {
      if (isWanted()) news(error instanceof Refused ? error.message : `Recording could not start (${error.name}). Try again.`);
      return;
    } finally {
      clearTimeout(still);
    }
    news("");
    await hands.begin();
    // Frames that another window of this browser stored are sent from here.
    way.begin(await kept.end(), way.counted || (await kept.end()) > 0);
    way.take();
    release();
    if (!input) return; // refused meanwhile
    state.isStarted = true;
    watch();
    navigator.wakeLock?.request("screen").then((held) => { if (input) lock = held; else held.release(); }).catch(() => {});
    show("running");
    if (way.end) tell("wentOn");
  }

  // Audio of the moments until this window may record.
  const early = [];
  let isOpen = false;
  function release() {
    isOpen = true;
    early.splice(0).forEach((sound) => push(sound));
  }

  function take({ sound, peak }) {
    watch();
    tell("level", peak);
    if (isOpen) push(sound);
    else early.push(sound);
  }

  function push(sound) {
    way.push(sound).catch(() => news("This browser’s storage is full: what is recorded now is saved only while this page stays open."));
    tell("time", way.end * FRAME_MS);
  }

  function watch() {
    clearTimeout(watchdog);
    if (state.news === NOTHING_COMES) news("");
    watchdog = setTimeout(() => input && news(NOTHING_COMES), NOTHING_COMES_MS);
  }

  async function pause() {
    await halt();
    if (state.phase === "running") show("start");
  }

  async function halt() {
    state.attempt += 1;
    clearTimeout(watchdog);
    const stopped = input;
    input = null;
    isOpen = false;
    lock?.release().catch(() => {});
    lock = null;
    await stopped?.stop();
    hands.end();
    if (stopped) tell("level", 0);
  }

  async function stop() {
    if (state.phase === "stopping" || state.ended) return;
    show("stopping");
    await halt();
    await ready;
    way.stop();
  }

  return {
    session,
    state,
    begin,
    pause,
    stop,
    ready,
    tell: (message) => way?.tell(message),
    get end() { return way?.end ?? 0; },
    get waiting() { return way?.waiting ?? 0; },
    get isLive() { return Boolean(input); },
    // Whether leaving the page would cut something off.
    get isNeeded() { return Boolean(input) || state.phase === "stopping" || Boolean(way?.holds && state.isStarted && !state.ended); },
    subscribe: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
    close: async () => {
      state.ended = true;
      listeners.clear();
      await halt();
      hands.close();
      await ready.catch(() => {});
      way?.close();
      identity?.release();
    },
  };
}
