// Captures audio: a microphone, another tab or the whole system, or both mixed; 16 kHz, one channel.
import { withTimeout } from "./timeout.js";

export const RATE_HZ = 16000;
// How long a browser may take for a step that needs no permission.
const STEP_MS = 5_000;

// By the name of an error: those of browsers, and those of our steps that take too long.
const MESSAGES = {
  NotAllowedError: "The browser doesn't allow recording. Allow the microphone beside the address and try again.",
  NotFoundError: "No microphone was found. Plug one in and try again.",
  NotReadableError: "Another program is using the microphone. Close it and try again.",
  OverconstrainedError: "That microphone was disconnected. Choose another and try again.",
  NoAudio: "What you shared has no audio. Share a tab and tick “Also share tab audio”.",
  AudioNotStarted:
    "Your browser can't start audio: it may have no audio output device. Connect speakers or headphones, or close programs that use them, and try again.",
  RecorderNotLoaded: "The recorder could not be loaded. Check your connection and try again.",
};

// Capture failed for a reason that the message tells the person.
export class CaptureError extends Error {}

export async function microphones() {
  const devices = await withTimeout(STEP_MS, "NoDevices", navigator.mediaDevices.enumerateDevices());
  return devices.filter((device) => device.kind === "audioinput" && device.deviceId);
}

function described(error) {
  return new CaptureError(MESSAGES[error.name] ?? `Audio capture failed (${error.name}). Try another source.`);
}

async function microphone(deviceId) {
  const constraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  if (deviceId) constraints.deviceId = { exact: deviceId };
  return navigator.mediaDevices.getUserMedia({ audio: constraints });
}

async function sharedAudio() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
  stream.getVideoTracks().forEach((track) => track.stop());
  if (!stream.getAudioTracks().length) throw Object.assign(new Error(), { name: "NoAudio" });
  return stream;
}

async function streamsOf(source, deviceId) {
  if (source === "shared") return [await sharedAudio()];
  if (source !== "both") return [await microphone(deviceId)];
  const first = await sharedAudio();
  try {
    return [first, await microphone(deviceId)];
  } catch (error) {
    stopAll([first]);
    throw error;
  }
}

const stopAll = (inputs) => inputs.forEach((input) => input.getTracks().forEach((track) => track.stop()));

async function startContext(inputs, workletUrl, onFrame) {
  const context = new AudioContext({ sampleRate: RATE_HZ });
  try {
    await withTimeout(STEP_MS, "RecorderNotLoaded", context.audioWorklet.addModule(workletUrl));
    const frames = new AudioWorkletNode(context, "frames", { channelCount: 1, channelCountMode: "explicit" });
    frames.port.onmessage = ({ data }) => onFrame(data);
    for (const input of inputs) context.createMediaStreamSource(input).connect(frames);
    await withTimeout(STEP_MS, "AudioNotStarted", context.resume());
    return { context, frames };
  } catch (error) {
    context.close().catch(() => {});
    throw error;
  }
}

// Calls `onFrame({ audio, peak })` for each tenth of a second, `onEnded()` when a source is disconnected. `isWanted()` is
// asked after the person answered the browser's question: they may have cancelled before. Rejects with CaptureError.
export async function capture({ source, deviceId, workletUrl, onFrame, onEnded, isWanted = () => true }) {
  let inputs = [];
  try {
    // No time limit: the browser asks the person, and the page says that it waits for permission.
    inputs = await streamsOf(source, deviceId);
    if (!isWanted()) throw Object.assign(new Error(), { name: "AbortError" });
    const { context, frames } = await startContext(inputs, workletUrl, onFrame);
    for (const input of inputs) input.getAudioTracks().forEach((track) => track.addEventListener("ended", onEnded));
    return {
      stop: async () => {
        frames.port.onmessage = null;
        stopAll(inputs);
        // A context that never started may never close either
        await withTimeout(STEP_MS, "NotClosed", context.close()).catch(() => {});
      },
    };
  } catch (error) {
    stopAll(inputs);
    throw described(error);
  }
}
