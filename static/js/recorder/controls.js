// The page of the one who can record: shows the recording of its session and steers it. It goes on without the page.
import { microphones, RATE_HZ } from "./capture.js";
import { limits } from "./limit_warnings.js";
import { createMeter } from "./level_meter.js";
import { leave, others, recordingOf } from "./recordings.js";
import { FRAME_MS } from "./recording.js";
import { rescue } from "./wav_download.js";
import { clock } from "../transcript/live_text.js";

const STATES = {
  connecting: ["Connecting …", ""],
  connected: ["Connected", "good"],
  watching: ["Not recording", ""],
  elsewhere: ["This session is being recorded in another window", "warn"],
  over: ["This session has ended", ""],
  refused: ["Not recording", "warn"],
  "view-only": ["You have view-only access now", "warn"],
  "signed-out": ["You have been signed out", "warn"],
};
const NEWS = {
  "view-only": "You can no longer record in this team. Everything recorded here before is saved. Ask a team owner for edit access.",
  "signed-out": "You have been signed out. Sign in again in another tab, then press Start: what this browser has stored is sent then.",
};

export function speaking({ element, part, say, hear, tick, marks, last }) {
  const recording = recordingOf({
    id: element.dataset.session,
    title: element.querySelector("h1").textContent.trim(),
    page: element.dataset.url,
    socket: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${element.dataset.socket}`,
    worklet: element.dataset.worklet,
    again: "again" in element.dataset,
  });
  const meter = createMeter(part("meter"), part("news"));
  let countdown = 0;

  function phase(which) {
    for (const panel of element.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== which;
    part("recording").hidden = which !== "running";
    part("resume").hidden = !(recording.session.again || recording.end);
    if (which !== "running") meter.hear(0);
  }

  function news(text) {
    part("news").textContent = text;
    part("news").hidden = !text;
  }

  function connection(how, seconds) {
    clearInterval(countdown);
    const waits = {
      reconnecting: [`Reconnecting in ${seconds} s; your audio is stored here`, "warn"],
      slow: [`The server is slow; your audio is stored here, and sent more slowly in ${seconds} s`, "warn"],
    };
    say(...(waits[how] ?? STATES[how]));
    if (how in NEWS) news(NEWS[how]);
    if (how in waits && seconds > 1) countdown = setInterval(() => connection(how, seconds - 1), 1_000);
  }

  const limited = limits({ part, tell: recording.tell });

  function message(said) {
    hear(said);
    limited(said);
    if (said.holds === false && said.recorded) say(...STATES.elsewhere);
    if ("next" in said) part("saved").textContent = `Saved up to ${clock(said.next * FRAME_MS)}`;
  }

  function left(frames, kept) {
    say("This session has ended", "warn");
    news(`It ended without the last ${clock(frames.length * FRAME_MS)}, which this browser still has. Save them as a file, then upload that.`);
    rescue({ element: part("rescue"), frames, rate: RATE_HZ, kept });
  }

  async function listDevices() {
    const select = part("device");
    const chosen = select.value;
    const found = await microphones().catch(() => []);
    select.replaceChildren(new Option("Default microphone", ""), ...found.map((one) => new Option(one.label || "Microphone", one.deviceId)));
    select.value = chosen;
  }

  async function begin() {
    const [other] = others(recording);
    if (other) return news(`You are recording “${other.session.title}” now. Pause or end that session first.`);
    await recording.begin({ source: part("source").value, deviceId: part("device").value });
    listDevices(); // with permission they have names
  }

  const unsubscribe = recording.subscribe({
    phase,
    news,
    state: connection,
    message,
    left,
    last,
    level: meter.hear,
    time: tick,
    ready: () => phase(recording.state.phase),
    wentOn: marks.wentOn,
  });
  part("begin").addEventListener("click", begin);
  part("pause").addEventListener("click", recording.pause);
  element.querySelectorAll("[data-stop]").forEach((button) => button.addEventListener("click", recording.stop));
  navigator.mediaDevices?.addEventListener?.("devicechange", listDevices);
  listDevices();

  phase(recording.state.phase);
  if (recording.state.how[0] !== "connecting") connection(...recording.state.how);
  if (recording.state.news) news(recording.state.news);
  if (recording.end) tick(recording.end * FRAME_MS);
  recording.tell({ type: "since", change: last() });

  return {
    ask: recording.tell,
    end: () => {
      unsubscribe();
      clearInterval(countdown);
      navigator.mediaDevices?.removeEventListener?.("devicechange", listDevices);
      leave(recording);
    },
  };
}
