// Two windows of one browser never record the same session at once: their frames lie in one storage under one count.
// The window where someone presses Start asks the other to stop, and waits until all it recorded is stored.

const PATIENCE_MS = 2_000;

// `yielded()` is called when another window asks; the microphone must be off once it resolves.
export function handover(session, yielded, { locks = navigator.locks, channel = new BroadcastChannel("verbatim-live") } = {}) {
  let release = null;

  channel.onmessage = async ({ data }) => {
    if (data?.session !== session || !release) return;
    await yielded();
    letGo();
  };

  function letGo() {
    release?.();
    release = null;
  }

  return {
    // Resolves once this window alone may record, or the other one didn't answer in time.
    begin: async () => {
      if (release || !locks) return;
      channel.postMessage({ session });
      await new Promise((resolve) => {
        const take = () => new Promise((done) => { release = done; resolve(); });
        locks.request(`verbatim-recording:${session}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, take).catch(resolve);
      });
    },
    end: letGo,
    close: () => { letGo(); channel.close(); },
  };
}
