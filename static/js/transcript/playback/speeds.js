// The speeds of playback, and the next one up or down.

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3];
const SLOWED = 0.6;

// Returns the speed `steps` further; the slowest and the fastest stay.
export function stepped(speed, steps) {
  const nearest = SPEEDS.reduce((best, one) => (Math.abs(one - speed) < Math.abs(best - speed) ? one : best));
  const at = SPEEDS.indexOf(nearest) + steps;
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))];
}

// The speed during typing, if the person wants it slower then.
export const slowed = (speed) => Math.max(SPEEDS[0], speed * SLOWED);
