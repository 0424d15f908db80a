// The audio of a few seconds as peaks. Those of the whole recording are too coarse to place a boundary by.

const RATE_HZ = 16_000;
const PEAK_MS = 10;
// Quieter audio isn't drawn as if it were loud.
const QUIETEST_TOP = 0.05;
const THINNEST = 0.02;

// Returns the loudest of each `size` samples, from 0 to 1 relative to the loudest of all.
export function peaksOf(samples, size) {
  const peaks = Array.from({ length: Math.ceil(samples.length / size) }, (_, at) =>
    samples.subarray(at * size, (at + 1) * size).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  const top = Math.max(QUIETEST_TOP, ...peaks);
  return peaks.map((peak) => peak / top);
}

// Resolves to a peak for each 10 ms from `from` on, null if there is no audio to be had.
export async function loadPeaks(url, { from, to }, signal) {
  try {
    const response = await fetch(`${url}?from=${Math.floor(from)}&to=${Math.ceil(to)}`, { signal });
    if (!response.ok) return null;
    const audio = await new OfflineAudioContext(1, 1, RATE_HZ).decodeAudioData(await response.arrayBuffer());
    return peaksOf(audio.getChannelData(0), (RATE_HZ * PEAK_MS) / 1_000);
  } catch {
    return null;
  }
}

// Returns the path of an SVG as wide as the span in peaks and 2 high: the outline of the audio, a thin line where it is silent.
export function outlineOf(peaks) {
  const heights = peaks.map((peak) => Math.max(THINNEST, peak));
  const above = heights.map((height, at) => `${at} ${(1 - height).toFixed(3)}`);
  const below = heights.map((height, at) => `${at} ${(1 + height).toFixed(3)}`);
  return peaks.length ? `M${[...above, ...below.reverse()].join("L")}Z` : "";
}

export const peaksIn = ({ from, to }) => (to - from) / PEAK_MS;
