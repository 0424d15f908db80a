// The audio source of a recording: asks for permission, watches that audio arrives, and keeps the screen awake.
import { capture, CaptureError } from "./capture.js";

// A source that delivers nothing for so long deserves a message.
const NO_AUDIO_MS = 5_000;
const PERMISSION_MS = 5_000;
const PERMISSION = "Waiting for permission to record …";
const STILL_WAITING = "Still waiting for permission. Answer the browser's question beside the address, or press Start again.";
const NO_AUDIO = "No audio is arriving from this source. Check that it is connected and not muted, or choose another.";

const describe = (error) => (error instanceof CaptureError ? error.message : `Recording could not start (${error.name}). Try again.`);

// `notice` reads and writes the message that the recording shows. `onFrame({ audio, peak })` gets each frame, `onEnded()` is
// called when the source is disconnected.
export function createInput({ workletUrl, notice, onFrame, onEnded }) {
  let source = null;
  let wakeLock = null;
  let attempt = 0;
  let watchdog = 0;

  // Resolves to whether the source is open: it may fail, or be closed before the person answered the browser.
  async function open({ ready, ...choice }) {
    const mine = ++attempt;
    const isWanted = () => mine === attempt;
    notice.text = PERMISSION;
    const reminder = setTimeout(() => isWanted() && replaceNotice(PERMISSION, STILL_WAITING), PERMISSION_MS);
    try {
      await ready;
      const opened = await capture({ ...choice, workletUrl, onFrame: receive, onEnded, isWanted });
      if (isWanted()) source = opened;
      else await opened.stop();
      return source === opened;
    } catch (error) {
      if (isWanted()) notice.text = describe(error);
      return false;
    } finally {
      clearTimeout(reminder);
    }
  }

  function receive(frame) {
    watchForAudio();
    onFrame(frame);
  }

  function watchForAudio() {
    clearTimeout(watchdog);
    replaceNotice(NO_AUDIO, "");
    watchdog = setTimeout(() => { if (source) notice.text = NO_AUDIO; }, NO_AUDIO_MS);
  }

  function replaceNotice(shown, text) {
    if (notice.text === shown) notice.text = text;
  }

  function keepAwake() {
    const keep = (held) => { if (source) wakeLock = held; else held.release(); };
    navigator.wakeLock?.request("screen").then(keep).catch(() => {});
  }

  return {
    open,
    get isOpen() { return Boolean(source); },
    // Called once recording begins.
    start: () => {
      watchForAudio();
      keepAwake();
    },
    // Resolves to whether a source was open. The microphone is off then.
    close: async () => {
      attempt += 1;
      clearTimeout(watchdog);
      const closed = source;
      source = null;
      wakeLock?.release().catch(() => {});
      wakeLock = null;
      await closed?.stop();
      return Boolean(closed);
    },
  };
}
