// The sound and its buttons. Everybody else asks it for the time and tells it where to go.
import { clock } from "./word_index.js";

const BACK_MS = 3000;

export function createPlayer(deck) {
  const audio = deck.querySelector("[data-audio]");
  const part = (name) => deck.querySelector(`[data-${name}]`);
  const listeners = new Set();
  const known = Number(deck.dataset.duration);
  let frame = 0;

  const player = {
    get nowMs() { return audio.currentTime * 1000; },
    get durationMs() { return known || (audio.duration || 0) * 1000; },
    get isPlaying() { return !audio.paused; },
    // Someone who cannot hear the sound any more needs to know why.
    play: () => audio.play().catch((error) => error.name === "NotAllowedError" || failed()),
    toggle: () => (audio.paused ? player.play() : audio.pause()),
    seek: (ms) => {
      audio.currentTime = Math.max(0, Math.min(ms, player.durationMs)) / 1000;
      tell();
    },
    nudge: (ms) => player.seek(player.nowMs + ms),
    listen: (listener) => listeners.add(listener),
    stop: () => {
      audio.pause();
      cancelAnimationFrame(frame);
    },
  };

  function tell() {
    part("now").textContent = clock(player.nowMs);
    listeners.forEach((listener) => listener(player.nowMs));
  }

  function run() {
    tell();
    if (!audio.paused) frame = requestAnimationFrame(run);
  }

  function drawState() {
    const button = part("play");
    button.querySelector("[data-when=paused]").hidden = !audio.paused;
    button.querySelector("[data-when=playing]").hidden = audio.paused;
    button.querySelector(".unseen").textContent = audio.paused ? "Play" : "Pause";
  }

  function failed() {
    deck.classList.add("broken");
    part("news").classList.remove("unseen");
    part("news").textContent = "The sound cannot be played here. The text is complete; the original can be downloaded.";
  }

  part("play").addEventListener("click", player.toggle);
  part("back").addEventListener("click", () => player.nudge(-BACK_MS));
  part("rate").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, drawState);
  for (const name of ["play", "seeked", "timeupdate"]) audio.addEventListener(name, () => audio.paused && tell());
  audio.addEventListener("play", run);
  audio.addEventListener("error", failed);
  return player;
}
