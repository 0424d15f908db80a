// Locks a session's recording for one window of the browser: the frames of all windows are in one storage under one count.
// The window in which someone presses Start asks the other to stop, and waits until all it recorded is stored.

const ANSWER_MS = 2_000;

// `stopRecording()` is called when another window asks; the microphone must be off once it resolves.
export function createRecordingLock(session, stopRecording, { locks = navigator.locks, channel = new BroadcastChannel("verbatim-live") } = {}) {
  let release = null;

  channel.onmessage = async ({ data }) => {
    if (data?.session !== session || !release) return;
    await stopRecording();
    letGo();
  };

  function letGo() {
    release?.();
    release = null;
  }

  return {
    // Resolves once this window alone may record, or the other one didn't answer in time.
    acquire: async () => {
      if (release || !locks) return;
      channel.postMessage({ session });
      await new Promise((resolve) => {
        const hold = () => new Promise((done) => { release = done; resolve(); });
        locks.request(`verbatim-recording:${session}`, { signal: AbortSignal.timeout(ANSWER_MS) }, hold).catch(resolve);
      });
    },
    release: letGo,
    close: () => { letGo(); channel.close(); },
  };
}
