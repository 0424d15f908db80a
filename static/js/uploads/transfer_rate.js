// How fast bytes are sent and how long the rest takes, over the last few seconds.
import { formatRemaining } from "../clock.js";

const WINDOW_MS = 6_000;
const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

export function createRate(now = () => performance.now()) {
  let samples = [];
  return {
    // Adds a sample: so many bytes were sent by now.
    add: (bytes) => {
      const at = now();
      samples = [...samples.filter((sample) => at - sample.at < WINDOW_MS), { at, bytes }];
    },
    reset: () => { samples = []; },
    get bytesPerSecond() {
      if (samples.length < 2) return 0;
      const [first, last] = [samples[0], samples.at(-1)];
      return last.at > first.at ? Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at)) : 0;
    },
  };
}

export function formatSize(bytes) {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit < 2 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[unit]}`;
}

export const formatTimeLeft = (bytes, bytesPerSecond) =>
  (bytesPerSecond ? `${formatRemaining(Math.ceil(bytes / bytesPerSecond))} left` : "");
