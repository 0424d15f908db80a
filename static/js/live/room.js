// The page of a live session, for the one who speaks and for those who watch.
import { capture, microphones, Refused } from "./capture.js";
import { link } from "./link.js";
import { createMeter } from "./meter.js";
import { spool } from "./spool.js";
import { paper } from "./words.js";

const FRAME_S = 0.1;
const WATCH_AGAIN_MS = 2000;

function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const text = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return text.replace(/^00:0?/, "");
}

export function live(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const words = paper(part("text"));
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${element.dataset.socket}`;
  const say = (text, kind = "") => {
    part("state").textContent = text;
    part("state").className = `pill ${kind}`;
  };
  const lag = (ms) => { part("lag").textContent = ms === null ? "" : `${(ms / 1000).toFixed(1)} s behind`; };

  // What the server says, whoever listens.
  const heard = {
    final: (message) => words.final(message),
    partial: (message) => { words.partial(message.text); lag(message.lag_ms); },
    relay: (message) => part("relay").textContent = message.sentence,
    finished: () => { location.href = element.dataset.done; },
  };
  const hear = (message) => {
    message.segments?.forEach(words.final);
    heard[message.type]?.(message);
  };
  return "speaker" in element.dataset
    ? speaking({ element, part, url, say, hear })
    : watching({ url, words, say, hear });
}

function watching({ url, words, say, hear }) {
  let socket = null;
  let timer = 0;
  const open = () => {
    socket = new WebSocket(`${url}?after=${words.last()}`);
    socket.addEventListener("open", () => say("Watching", "good"));
    socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
    socket.addEventListener("close", () => {
      say("Reconnecting …", "warn");
      timer = setTimeout(open, WATCH_AGAIN_MS * (0.75 + Math.random() / 2));
    });
  };
  open();
  return () => { clearTimeout(timer); socket.onclose = null; socket.close(); };
}

function speaking({ element, part, url, say, hear }) {
  const meter = createMeter(part("meter"), part("news"));
  const state = { way: null, input: null, kept: null, stopping: false, lock: null };

  const show = (which) => {
    for (const panel of element.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== which;
    part("recording").hidden = which !== "running";
  };

  const news = (text) => {
    part("news").textContent = text;
    part("news").hidden = !text;
  };

  const changed = (how, seconds) => {
    const sentences = {
      connecting: ["Connecting …", ""],
      connected: ["Connected", "good"],
      reconnecting: [`Reconnecting in ${seconds} s; your words are kept here`, "warn"],
      elsewhere: ["Another window speaks into this session now", "warn"],
      over: ["This session has ended", ""],
    };
    say(...sentences[how]);
    if (how === "elsewhere" || how === "over") halt();
  };

  function saved(message) {
    hear(message);
    if (!("next" in message)) return;
    part("saved").textContent = `Saved up to ${clock(message.next * FRAME_S)}`;
  }

  async function prepare() {
    state.kept = await spool(element.dataset.session);
    const waiting = await state.kept.end();
    state.way = link({ url, kept: state.kept, hear: saved, changed });
    state.way.begin(waiting);
    if (waiting || "again" in element.dataset) {
      part("resume").hidden = false;
      // What was spoken before the page went away is sent at once, whatever is chosen next.
      state.way.open();
    }
    navigator.mediaDevices?.addEventListener?.("devicechange", listDevices);
    await listDevices();
  }

  async function listDevices() {
    const select = part("device");
    const chosen = select.value;
    const found = await microphones().catch(() => []);
    select.replaceChildren(new Option("The usual microphone", ""), ...found.map((one) => new Option(one.label || "Microphone", one.deviceId)));
    select.value = chosen;
  }

  async function begin() {
    news("");
    try {
      state.input = await capture({
        source: part("source").value,
        deviceId: part("device").value,
        workletUrl: element.dataset.worklet,
        take,
        ended: () => { news("The sound stopped: its source went away. Choose another and go on."); pause(); },
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      news(error.message);
      return;
    }
    state.way.open();
    state.lock = await navigator.wakeLock?.request("screen").catch(() => null);
    show("running");
  }

  function take({ sound, peak }) {
    meter.hear(peak);
    state.way.push(sound).catch(() => news("This browser’s storage is full: what you say now is kept only while this page stays open."));
    part("elapsed").textContent = clock(state.way.end * FRAME_S);
  }

  async function pause() {
    await halt();
    show("start");
    part("resume").hidden = false;
  }

  async function halt() {
    const input = state.input;
    state.input = null;
    await input?.stop();
    await state.lock?.release();
    meter.hear(0);
  }

  async function stop() {
    if (state.stopping) return;
    state.stopping = true;
    show("stopping");
    await halt();
    state.way.open();
    await state.way.drain();
    await state.kept.clear();
    state.way.tell({ type: "stop" });
  }

  part("begin").addEventListener("click", begin);
  part("pause").addEventListener("click", pause);
  element.querySelectorAll("[data-stop]").forEach((button) => button.addEventListener("click", stop));
  const leaving = (event) => state.input && event.preventDefault();
  addEventListener("beforeunload", leaving);
  prepare();
  return () => {
    removeEventListener("beforeunload", leaving);
    halt();
    state.way?.close();
  };
}
