// How loud it is, and a word where it is too quiet or too loud for too long.

const BARS = 14;
const QUIET = 0.01;
const CLIPPED = 0.99;
// In frames of a tenth of a second.
const QUIET_FOR = 80;
const CLIPPED_FOR = 5;

export function createMeter(element, news) {
  const bars = Array.from({ length: BARS }, () => document.createElement("i"));
  element.replaceChildren(...bars);
  let quiet = 0;
  let clipped = 0;
  let warned = "";

  const warn = (sentence) => {
    if (sentence === warned) return;
    if (warned && news.textContent === warned) news.hidden = true;
    warned = sentence;
    if (!sentence) return;
    news.textContent = sentence;
    news.hidden = false;
  };

  return {
    hear: (peak) => {
      // Loudness is heard in decibels: from -50 to 0.
      const share = peak > 0 ? Math.max(0, 1 + (20 * Math.log10(peak)) / 50) : 0;
      bars.forEach((bar, index) => bar.classList.toggle("on", index < share * BARS));
      quiet = peak < QUIET ? quiet + 1 : 0;
      clipped = peak > CLIPPED ? clipped + 1 : Math.max(0, clipped - 0.1);
      if (quiet > QUIET_FOR) warn("Nothing is heard. Is the microphone muted, or is it another one?");
      else if (clipped > CLIPPED_FOR) warn("This is too loud and will be hard to understand. Move away or turn it down.");
      else warn("");
    },
  };
}
