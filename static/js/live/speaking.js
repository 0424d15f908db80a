// The page of the one who speaks: the microphone, what is kept of it, and how it stands.
import { capture, microphones, RATE_HZ, Refused } from "./capture.js";
import { limits } from "./limits.js";
import { link } from "./link.js";
import { createMeter } from "./meter.js";
import { rescue } from "./rescue.js";
import { spool } from "./spool.js";
import { clock } from "./words.js";

const FRAME_MS = 100;

export function speaking({ element, part, url, say, hear, tick, marks }) {
  const meter = createMeter(part("meter"), part("news"));
  const state = { way: null, input: null, kept: null, beginning: false, stopping: false, lock: null, countdown: 0 };

  const show = (which) => {
    for (const panel of element.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== which;
    part("recording").hidden = which !== "running";
  };

  const news = (text) => {
    part("news").textContent = text;
    part("news").hidden = !text;
  };

  function changed(how, seconds) {
    clearInterval(state.countdown);
    const sentences = {
      connecting: ["Connecting …", ""],
      connected: ["Connected", "good"],
      reconnecting: [`Reconnecting in ${seconds} s; your words are kept here`, "warn"],
      elsewhere: ["Another window speaks into this session now", "warn"],
      over: ["This session has ended", ""],
      refused: ["Not listening yet", "warn"],
      slow: [`The server is slow; your words are kept here, and sent more slowly in ${seconds} s`, "warn"],
    };
    say(...sentences[how]);
    if (["reconnecting", "slow"].includes(how) && seconds > 1) {
      state.countdown = setInterval(() => changed(how, seconds - 1), 1_000);
    }
    if (["elsewhere", "over", "refused"].includes(how)) halt();
    // Perhaps the word that said so was lost.
    if (how === "over") saved({ type: "finished" });
    if (how === "elsewhere") show("start");
    if (how === "refused") {
      state.stopping = false;
      show("start");
    }
  }

  const limited = limits({
    part,
    tell: (message) => state.way.tell(message),
    waiting: () => state.way.waiting,
    stop,
  });

  async function saved(message) {
    if (message.type === "finished") {
      await halt();
      const left = await state.way.unsent();
      if (left.length) return keepHere(left);
      await state.kept.clear();
    }
    hear(message);
    limited(message);
    if (!("next" in message)) return;
    part("saved").textContent = `Saved up to ${clock(message.next * FRAME_MS)}`;
  }

  function keepHere(frames) {
    show("");
    say("This session has ended", "warn");
    news(`It ended without the last ${clock(frames.length * FRAME_MS)} that this browser still keeps. Save them as a file, then upload that.`);
    rescue({ element: part("rescue"), frames, rate: RATE_HZ, kept: state.kept });
  }

  async function prepare() {
    state.kept = await spool(element.dataset.session);
    const waiting = await state.kept.end();
    state.way = link({ url, kept: state.kept, hear: saved, changed });
    state.way.begin(waiting, waiting > 0 || !("again" in element.dataset));
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
    if (state.input || state.beginning) return;
    state.beginning = true;
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
    } finally {
      state.beginning = false;
    }
    state.way.open();
    if (state.way.end) marks.wentOn();
    state.lock = await navigator.wakeLock?.request("screen").catch(() => null);
    // Unless the server refused meanwhile
    if (state.input) show("running");
  }

  function take({ sound, peak }) {
    meter.hear(peak);
    state.way.push(sound).catch(() => news("This browser’s storage is full: what you say now is kept only while this page stays open."));
    tick(state.way.end * FRAME_MS);
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
    state.way.stop();
  }

  part("begin").addEventListener("click", begin);
  part("pause").addEventListener("click", pause);
  element.querySelectorAll("[data-stop]").forEach((button) => button.addEventListener("click", stop));
  const leaving = (event) => state.input && event.preventDefault();
  addEventListener("beforeunload", leaving);
  prepare();
  return {
    ask: (message) => state.way?.tell(message),
    end: () => {
      removeEventListener("beforeunload", leaving);
      clearInterval(state.countdown);
      halt();
      state.way?.close();
    },
  };
}
