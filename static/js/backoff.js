// Exponential backoff with jitter: the wait between attempts doubles up to a limit.

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

// Spread by a quarter in both directions, so that a thousand pages don't return at the same moment.
export const jitter = (ms) => ms * (0.75 + Math.random() / 2);

export function createBackoff({ firstMs = FIRST_MS, longestMs = LONGEST_MS } = {}) {
  let wait = firstMs;
  return {
    // Returns how long to wait before the next attempt, in ms.
    next: () => {
      const delay = jitter(wait);
      wait = Math.min(wait * 2, longestMs);
      return delay;
    },
    reset: () => { wait = firstMs; },
  };
}
