// The numbered audio frames of a session on their way to the server: each is stored until the server has it on disk, and at
// most a window of them is sent without an acknowledgement.

// Five seconds of audio.
const WINDOW = 50;
const LEAST_WINDOW = 5;
// Replaces a frame that this browser lost, so that what follows is at the right time.
const SILENCE = new ArrayBuffer(3200);

// `storage` is what `openUnsentAudio` resolves to.
export function createFrameQueue(storage) {
  const uncounted = []; // frames that have no number yet
  const unstored = new Map(); // frames that the browser's storage does not have yet
  let acknowledged = 0; // the server has all frames before this
  let removed = 0; // the browser's storage has none before this
  let next = 0; // the next to send
  let end = 0; // the next to come from the microphone
  let isCounted = true; // `end` is known
  let reported = 0; // the server has at least so many, from whichever page
  let window = WINDOW;

  const read = async (number) => unstored.get(number) ?? (await storage.get(number));

  // Resolves once the frame is stored; rejects if the browser's storage is full. It can be sent in both cases.
  async function push(audio) {
    if (!isCounted) {
      uncounted.push(audio);
      return;
    }
    const number = end++;
    unstored.set(number, audio);
    await storage.put(number, audio);
    unstored.delete(number);
  }

  function remove(before) {
    removed = before;
    storage.removeBefore(before);
    for (const number of unstored.keys()) if (number < before) unstored.delete(number);
  }

  return {
    push,
    get end() { return end; },
    get acknowledged() { return acknowledged; },
    get isCounted() { return isCounted; },
    get isComplete() { return acknowledged === end; },
    get unacknowledged() { return end - acknowledged; },
    // Whether frames were sent that the server has not acknowledged.
    get isAwaitingAck() { return next > acknowledged; },
    get canSend() { return next < end && next - acknowledged < window; },
    // Continues the count at this number; if it is not certain, the server's count is waited for.
    countFrom: (number, isCertain) => {
      end = Math.max(end, number);
      isCounted = isCertain && end >= reported;
    },
    // Another page recorded so many frames: where this one continues is known once it records.
    reportFrames: (frames) => {
      reported = Math.max(reported, frames);
      isCounted &&= end >= reported;
    },
    // Sends from this number on. A server whose power failed may have lost what it had acknowledged; it is still here.
    resumeAt: (number) => {
      next = number;
      acknowledged = Math.min(acknowledged, number);
    },
    // Sends again from this number on.
    rewindTo: (number) => { next = number; },
    // Sends again what was not acknowledged.
    retry: () => { next = acknowledged; },
    // The server has what is before `number`, and even a power cut leaves it what is before `synced`.
    acknowledge: (number, synced) => {
      if (synced > removed) remove(synced);
      acknowledged = Math.max(acknowledged, number);
      end = Math.max(end, acknowledged);
      next = Math.max(next, acknowledged);
      isCounted = true;
      uncounted.splice(0).forEach((audio) => push(audio).catch(() => {}));
    },
    narrow: () => { window = Math.max(LEAST_WINDOW, Math.floor(window / 2)); },
    // Takes the next frame: its number, and a promise of its audio.
    take: () => {
      const number = next++;
      return { number, audio: read(number).then((audio) => audio ?? SILENCE) };
    },
    // Resolves to the frames that the server does not have. A single one may only be the one by which the count continues.
    unsent: async () => {
      const frames = [];
      for (let number = acknowledged; number < end; number++) {
        const audio = await read(number);
        if (audio || frames.length) frames.push(audio ?? SILENCE);
      }
      return frames.length > 1 ? frames : [];
    },
  };
}
