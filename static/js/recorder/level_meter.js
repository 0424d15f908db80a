// The input level, with a warning if it is too low or too high for too long.

const BARS = 14;
const QUIET = 0.01;
const CLIPPED = 0.99;
// In frames of a tenth of a second.
const QUIET_FRAMES = 80;
const CLIPPED_FRAMES = 5;
const TOO_QUIET = "No audio is coming in. Is the microphone muted, or is another one selected?";
const TOO_LOUD = "The audio is too loud to transcribe well. Move away from the microphone or turn it down.";

// Returns the share of the meter for a peak: decibels, from -50 to 0.
export const levelOf = (peak) => (peak > 0 ? Math.max(0, 1 + (20 * Math.log10(peak)) / 50) : 0);

// Returns what tells the warning after each frame, "" if all is well.
export function createLevelWatch() {
  let quiet = 0;
  let clipped = 0;
  return (peak) => {
    quiet = peak < QUIET ? quiet + 1 : 0;
    clipped = peak > CLIPPED ? clipped + 1 : Math.max(0, clipped - 0.1);
    if (quiet > QUIET_FRAMES) return TOO_QUIET;
    return clipped > CLIPPED_FRAMES ? TOO_LOUD : "";
  };
}

// Draws the level into `element`; warnings appear in `notice`.
export function createMeter(element, notice) {
  const bars = Array.from({ length: BARS }, () => document.createElement("i"));
  const warningOf = createLevelWatch();
  let shown = "";
  element.replaceChildren(...bars);

  function warn(warning) {
    if (warning === shown) return;
    if (shown && notice.textContent === shown) notice.hidden = true;
    shown = warning;
    if (!warning) return;
    notice.textContent = warning;
    notice.hidden = false;
  }

  return {
    update: (peak) => {
      const level = levelOf(peak);
      bars.forEach((bar, index) => bar.classList.toggle("on", index < level * BARS));
      warn(warningOf(peak));
    },
  };
}
