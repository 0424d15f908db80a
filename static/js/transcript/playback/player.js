// The audio element and its buttons. Other modules ask it for the time and tell it where to seek.
import { formatDuration } from "../../clock.js";

const BACK_MS = 3000;

export function createPlayer(deck) {
  const audio = deck.querySelector("[data-audio]");
  const part = (name) => deck.querySelector(`[data-${name}]`);
  const subscribers = new Set();
  const known = Number(deck.dataset.duration);
  let frame = 0;

  const player = {
    get nowMs() { return audio.currentTime * 1000; },
    get durationMs() { return known || (audio.duration || 0) * 1000; },
    get isPlaying() { return !audio.paused; },
    // A browser that forbids playback needs another press; anything else is a failure to report.
    play: () => audio.play().catch((error) => error.name === "NotAllowedError" || showFailure()),
    toggle: () => (audio.paused ? player.play() : audio.pause()),
    seek: (ms) => {
      audio.currentTime = Math.max(0, Math.min(ms, player.durationMs)) / 1000;
      notify();
    },
    skip: (ms) => player.seek(player.nowMs + ms),
    subscribe: (subscriber) => subscribers.add(subscriber),
    stop: () => {
      audio.pause();
      cancelAnimationFrame(frame);
    },
  };

  function notify() {
    part("now").textContent = formatDuration(player.nowMs);
    subscribers.forEach((subscriber) => subscriber(player.nowMs));
  }

  function runWhilePlaying() {
    notify();
    if (!audio.paused) frame = requestAnimationFrame(runWhilePlaying);
  }

  function drawState() {
    const button = part("play");
    button.querySelector("[data-when=paused]").hidden = !audio.paused;
    button.querySelector("[data-when=playing]").hidden = audio.paused;
    button.querySelector(".unseen").textContent = audio.paused ? "Play" : "Pause";
  }

  function showFailure() {
    deck.classList.add("broken");
    part("news").classList.remove("unseen");
    part("news").textContent = "The audio can't be played here. The transcript is complete, and you can download the original.";
  }

  part("play").addEventListener("click", player.toggle);
  part("back").addEventListener("click", () => player.skip(-BACK_MS));
  part("rate").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, drawState);
  for (const name of ["play", "seeked", "timeupdate"]) audio.addEventListener(name, () => audio.paused && notify());
  audio.addEventListener("play", runWhilePlaying);
  audio.addEventListener("error", showFailure);
  return player;
}
