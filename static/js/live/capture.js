// Where the sound comes from: a microphone, another tab or the whole system, or both mixed; 16 kHz, one channel.

export const RATE_HZ = 16000;

// What a browser calls its refusals, and what that means to a person.
const SENTENCES = {
  NotAllowedError: "The browser was not allowed to listen. Allow the microphone beside the address and try again.",
  NotFoundError: "There is no microphone. Plug one in and try again.",
  NotReadableError: "Another program holds the microphone. Close that and try again.",
  OverconstrainedError: "That microphone is gone. Choose another and try again.",
  NoSound: "What you shared has no sound. Share a tab and tick “Also share tab audio”.",
};

export class Refused extends Error {}

export async function microphones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "audioinput" && device.deviceId);
}

function refusal(error) {
  return new Refused(SENTENCES[error.name] ?? `The sound could not be had (${error.name}). Try another source.`);
}

async function microphone(deviceId) {
  const wishes = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  if (deviceId) wishes.deviceId = { exact: deviceId };
  return navigator.mediaDevices.getUserMedia({ audio: wishes });
}

async function shared() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
  stream.getVideoTracks().forEach((track) => track.stop());
  if (!stream.getAudioTracks().length) throw Object.assign(new Error(), { name: "NoSound" });
  return stream;
}

async function streams(source, deviceId) {
  if (source === "shared") return [await shared()];
  if (source === "both") return [await shared(), await microphone(deviceId)];
  return [await microphone(deviceId)];
}

// Calls `take({ sound, peak })` for each tenth of a second, `ended()` when a source goes away.
export async function capture({ source, deviceId, workletUrl, take, ended }) {
  let inputs;
  try {
    inputs = await streams(source, deviceId);
  } catch (error) {
    throw refusal(error);
  }
  const context = new AudioContext({ sampleRate: RATE_HZ });
  await context.audioWorklet.addModule(workletUrl);
  const frames = new AudioWorkletNode(context, "frames", { channelCount: 1, channelCountMode: "explicit" });
  frames.port.onmessage = ({ data }) => take(data);
  for (const input of inputs) {
    context.createMediaStreamSource(input).connect(frames);
    input.getAudioTracks().forEach((track) => track.addEventListener("ended", ended));
  }
  await context.resume();
  return {
    stop: async () => {
      frames.port.onmessage = null;
      inputs.forEach((input) => input.getTracks().forEach((track) => track.stop()));
      await context.close();
    },
  };
}
