// The recorder's controls on the page of a live session: they show and steer the recording, which continues without the page.
import { everySecond, formatDuration } from "../clock.js";
import { socketUrl } from "../socket.js";
import { microphones, RATE_HZ } from "./capture.js";
import { createMeter } from "./level_meter.js";
import { createLimitWarnings } from "./limit_warnings.js";
import { FRAME_MS } from "./recording.js";
import { leave, othersCapturing, recordingOf } from "./recordings.js";
import { offerDownload } from "./wav_download.js";

// What the status says of the connection, and its kind.
const STATUS = {
  connecting: ["Connecting …", ""],
  connected: ["Connected", "good"],
  watching: ["Not recording", ""],
  elsewhere: ["This session is being recorded in another window", "warn"],
  over: ["This session has ended", ""],
  refused: ["Not recording", "warn"],
  "view-only": ["You have view-only access now", "warn"],
  "signed-out": ["You have been signed out", "warn"],
};
const WAITING = {
  reconnecting: (seconds) => `Reconnecting in ${seconds} s; your audio is stored here`,
  slow: (seconds) => `The server is slow; your audio is stored here, and sent more slowly in ${seconds} s`,
};
const NOTICES = {
  "view-only": "You can no longer record in this team. Everything recorded here before is saved. Ask a team owner for edit access.",
  "signed-out": "You have been signed out. Sign in again in another tab, then press Start: the audio stored in this browser is sent then.",
};

const describeSession = (element) => ({
  id: element.dataset.session,
  title: element.querySelector("h1").textContent.trim(),
  page: element.dataset.url,
  socket: socketUrl(element.dataset.socket),
  worklet: element.dataset.worklet,
  hasAudio: "hasAudio" in element.dataset,
});

// `showStatus(text, kind)` writes the status of the page, `onMessage(message)` gets what the server sends, `onTime(ms)` the
// length of the recording, and `onResumed()` is called when it continues after a break.
export function createControls({ element, part, showStatus, onMessage, onTime, onResumed, lastChange }) {
  const recording = recordingOf(describeSession(element));
  const meter = createMeter(part("meter"), part("news"));
  const warn = createLimitWarnings({ part, send: recording.send });
  let stopCountdown = () => {};

  function showPhase(phase) {
    for (const panel of element.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== phase;
    part("recording-sign").hidden = phase !== "running";
    part("resume").hidden = !(recording.session.hasAudio || recording.end);
    if (phase !== "running") meter.update(0);
  }

  function showNotice(text) {
    part("news").textContent = text;
    part("news").hidden = !text;
  }

  function showConnection(connection, seconds) {
    stopCountdown();
    if (connection in WAITING) return countDown(connection, seconds);
    showStatus(...STATUS[connection]);
    if (connection in NOTICES) showNotice(NOTICES[connection]);
  }

  function countDown(connection, seconds) {
    let left = seconds;
    const show = () => showStatus(WAITING[connection](left), "warn");
    show();
    stopCountdown = everySecond(() => {
      left -= 1;
      if (left > 0) show();
    });
  }

  function receive(message) {
    onMessage(message);
    warn(message);
    if (message.holds === false && message.recorded) showStatus(...STATUS.elsewhere);
    if ("next" in message) part("saved").textContent = `Saved up to ${formatDuration(message.next * FRAME_MS)}`;
  }

  function offerUnsent(frames, storage) {
    showStatus("This session has ended", "warn");
    const length = formatDuration(frames.length * FRAME_MS);
    showNotice(`The session ended before the last ${length} was sent. This browser still has it: download it, then upload the file.`);
    offerDownload({ element: part("download-unsent"), frames, rateHz: RATE_HZ, storage });
  }

  async function listDevices() {
    const select = part("device");
    const chosen = select.value;
    const found = await microphones().catch(() => []);
    select.replaceChildren(new Option("Default microphone", ""), ...found.map((one) => new Option(one.label || "Microphone", one.deviceId)));
    select.value = chosen;
  }

  async function begin() {
    const [other] = othersCapturing(recording);
    if (other) return showNotice(`You are recording “${other.session.title}” now. Pause or end that session first.`);
    await recording.begin({ source: part("source").value, deviceId: part("device").value });
    listDevices(); // with permission they have names
  }

  function showPresent() {
    const { phase, connection, notice } = recording.state;
    showPhase(phase);
    if (connection[0] !== "connecting") showConnection(...connection);
    if (notice) showNotice(notice);
    if (recording.end) onTime(recording.end * FRAME_MS);
  }

  const unsubscribe = recording.subscribe({
    phase: showPhase,
    notice: showNotice,
    connection: showConnection,
    message: receive,
    unsent: offerUnsent,
    lastChange,
    level: meter.update,
    time: onTime,
    ready: () => showPhase(recording.state.phase),
    resumed: onResumed,
  });
  part("begin").addEventListener("click", begin);
  part("pause").addEventListener("click", recording.pause);
  element.querySelectorAll("[data-stop]").forEach((button) => button.addEventListener("click", recording.stop));
  navigator.mediaDevices?.addEventListener?.("devicechange", listDevices);
  listDevices();
  showPresent();
  recording.send({ type: "since", change: lastChange() });

  return {
    send: recording.send,
    end: () => {
      unsubscribe();
      stopCountdown();
      navigator.mediaDevices?.removeEventListener?.("devicechange", listDevices);
      leave(recording);
    },
  };
}
