// How fast bytes travel and how long the rest will take, over the last few seconds.

const WINDOW_MS = 6_000;

export function createPace() {
  let samples = [];
  return {
    add: (bytes) => {
      const now = performance.now();
      samples = [...samples.filter((sample) => now - sample.now < WINDOW_MS), { now, bytes }];
    },
    reset: () => { samples = []; },
    get bytesPerSecond() {
      if (samples.length < 2) return 0;
      const [first, last] = [samples[0], samples.at(-1)];
      return last.now > first.now ? Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.now - first.now)) : 0;
    },
  };
}

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

export function size(bytes) {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit < 2 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[unit]}`;
}

export function left(bytes, bytesPerSecond) {
  if (!bytesPerSecond) return "";
  const seconds = Math.ceil(bytes / bytesPerSecond);
  if (seconds < 90) return `${seconds} s left`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds / 3600)} h left`;
}
