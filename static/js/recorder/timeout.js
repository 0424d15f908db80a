// A time limit for each step on the way to a recording: nothing waits forever in silence.

class TimeoutError extends Error {
  constructor(step) {
    super(step);
    this.name = step;
  }
}

// Resolves as the work does; rejects with an error named `step` if that takes longer.
export function withTimeout(ms, step, work) {
  let timer = 0;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new TimeoutError(step)), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
