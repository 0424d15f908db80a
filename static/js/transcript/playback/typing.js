// Pauses or slows playback while the person types, as their settings say, until they rest.

const REST_MS = 1_000;
const EDITING_KEYS = ["Backspace", "Delete", "Enter"];

// Tells whether a key changes the text, in contrast to one that moves the caret or is a shortcut.
export const changesText = ({ key, ctrlKey, metaKey }) => !ctrlKey && !metaKey && ([...key].length === 1 || EDITING_KEYS.includes(key));

export function createTypingPause({ player, mode, setTimer = setTimeout, clearTimer = clearTimeout }) {
  let timer = 0;
  let isHeld = false;

  function rest() {
    player.slow(false);
    if (isHeld && !player.isPlaying) player.resume();
    isHeld = false;
  }

  function typed() {
    const chosen = mode();
    if (chosen === "play" || (!player.isPlaying && !isHeld)) return;
    if (chosen === "slow") player.slow(true);
    if (chosen === "pause" && player.isPlaying) {
      isHeld = true;
      player.pause();
    }
    clearTimer(timer);
    timer = setTimer(rest, REST_MS);
  }

  return { typed, stop: () => clearTimer(timer) };
}

// Calls `typed` when the person types in a text within `root`.
export function watchTyping(root, typed) {
  root.addEventListener("keydown", (event) => {
    if (event.target.closest("[contenteditable=true], [contenteditable='plaintext-only']") && (event.isComposing || changesText(event))) typed();
  });
}
