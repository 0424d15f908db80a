// The keys of headphones, keyboards and the lock screen that the system gives to whoever plays.

const STEP_MS = 3_000;

// Returns what ends it.
export function bindMediaKeys(player, session = navigator.mediaSession) {
  if (!session) return () => {};
  const actions = {
    play: player.resume,
    pause: player.pause,
    seekbackward: () => player.skip(-STEP_MS),
    seekforward: () => player.skip(STEP_MS),
  };
  const set = (name, action) => {
    try { session.setActionHandler(name, action); } catch { /* a key that this browser doesn't have */ }
  };
  for (const [name, action] of Object.entries(actions)) set(name, action);
  return () => Object.keys(actions).forEach((name) => set(name, null));
}
