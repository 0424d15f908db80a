// Where the audio comes from: a microphone, another tab or the whole system, or both mixed; 16 kHz, one channel.
import { within } from "./timeout.js";

export const RATE_HZ = 16000;
// How long a browser may take to start what needs no one's permission.
const STEP_MS = 5_000;

// What a browser calls its refusals, what we call a step that takes too long, and what that means to a person.
const SENTENCES = {
  NotAllowedError: "The browser doesn't allow recording. Allow the microphone beside the address and try again.",
  NotFoundError: "No microphone was found. Plug one in and try again.",
  NotReadableError: "Another program is using the microphone. Close it and try again.",
  OverconstrainedError: "That microphone was disconnected. Choose another and try again.",
  NoAudio: "What you shared has no audio. Share a tab and tick “Also share tab audio”.",
  AudioNotStarted:
    "Your browser can't start audio: it may have no audio output device. Connect speakers or headphones, or close programs that use them, and try again.",
  RecorderNotLoaded: "The recorder could not be loaded. Check your connection and try again.",
};

export class Refused extends Error {}

export async function microphones() {
  const devices = await within(STEP_MS, "NoDevices", navigator.mediaDevices.enumerateDevices());
  return devices.filter((device) => device.kind === "audioinput" && device.deviceId);
}

function refusal(error) {
  return new Refused(SENTENCES[error.name] ?? `Audio capture failed (${error.name}). Try another source.`);
}

async function microphone(deviceId) {
  const wishes = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  if (deviceId) wishes.deviceId = { exact: deviceId };
  return navigator.mediaDevices.getUserMedia({ audio: wishes });
}

async function shared() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
  stream.getVideoTracks().forEach((track) => track.stop());
  if (!stream.getAudioTracks().length) throw Object.assign(new Error(), { name: "NoAudio" });
  return stream;
}

async function streams(source, deviceId) {
  if (source === "shared") return [await shared()];
  if (source !== "both") return [await microphone(deviceId)];
  const first = await shared();
  try {
    return [first, await microphone(deviceId)];
  } catch (error) {
    stopAll([first]);
    throw error;
  }
}

const stopAll = (inputs) => inputs.forEach((input) => input.getTracks().forEach((track) => track.stop()));

async function started(inputs, workletUrl, take) {
  const context = new AudioContext({ sampleRate: RATE_HZ });
  try {
    await within(STEP_MS, "RecorderNotLoaded", context.audioWorklet.addModule(workletUrl));
    const frames = new AudioWorkletNode(context, "frames", { channelCount: 1, channelCountMode: "explicit" });
    frames.port.onmessage = ({ data }) => take(data);
    for (const input of inputs) context.createMediaStreamSource(input).connect(frames);
    await within(STEP_MS, "AudioNotStarted", context.resume());
    return { context, frames };
  } catch (error) {
    context.close().catch(() => {});
    throw error;
  }
}

// Calls `take({ sound, peak })` for each tenth of a second, `ended()` when a source goes away. `isWanted()` is asked
// after the person answered the browser's question: they may have given up meanwhile. Rejects with Refused.
export async function capture({ source, deviceId, workletUrl, take, ended, isWanted = () => true }) {
  let inputs = [];
  try {
    // No time limit: the browser asks a person, and the page says that it waits for their permission.
    inputs = await streams(source, deviceId);
    if (!isWanted()) throw Object.assign(new Error(), { name: "AbortError" });
    const { context, frames } = await started(inputs, workletUrl, take);
    for (const input of inputs) input.getAudioTracks().forEach((track) => track.addEventListener("ended", ended));
    return {
      stop: async () => {
        frames.port.onmessage = null;
        stopAll(inputs);
        // A context that never started may never close either
        await within(STEP_MS, "NotClosed", context.close()).catch(() => {});
      },
    };
  } catch (error) {
    stopAll(inputs);
    throw refusal(error);
  }
}
