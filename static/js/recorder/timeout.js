// Nothing on the way to a recording waits for ever in silence: each step has a time and a name for running out of it.

export class TooSlow extends Error {
  constructor(step) {
    super(step);
    this.name = step;
  }
}

// Resolves as the work does; rejects with `step` as its name if that takes longer.
export function within(ms, step, work) {
  let timer = 0;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new TooSlow(step)), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
