// The audio or video element and its buttons. Other modules ask it for the time and tell it where to seek.
import { formatDuration } from "../../clock.js";
import { createSpan } from "./span.js";
import { slowed, stepped } from "./speeds.js";

const BACK_MS = 3_000;

// `settings` has the person's `speed` and `back_on_resume_ms`.
export function createPlayer(deck, media, settings) {
  const part = (name) => deck.querySelector(`[data-${name}]`);
  const subscribers = new Set();
  const known = Number(deck.dataset.duration);
  const span = createSpan();
  let frame = 0;
  // Where playback was paused; null once the position was changed.
  let pausedAt = null;

  const player = {
    get nowMs() { return media.currentTime * 1000; },
    get durationMs() { return known || (media.duration || 0) * 1000; },
    get isPlaying() { return !media.paused; },
    get isLooping() { return span.isLooping; },
    get speed() { return Number(part("rate").value); },
    // A browser that forbids playback needs another press; anything else is a failure to report.
    play: () => media.play().catch((error) => ["NotAllowedError", "AbortError"].includes(error.name) || showFailure()),
    pause: () => media.pause(),
    toggle: () => (media.paused ? player.resume() : media.pause()),
    resume,
    seek: (ms) => {
      span.leave(ms);
      move(ms);
    },
    skip: (ms) => player.seek(player.nowMs + ms),
    playSpan: (from, to, { loops = false } = {}) => {
      span.set(from, to, { loops });
      move(from);
      drawLoop();
      player.play();
    },
    endLoop: () => {
      span.clear();
      drawLoop();
    },
    setSpeed,
    step: (steps) => setSpeed(stepped(player.speed, steps)),
    slow: (isSlow) => { media.playbackRate = isSlow ? slowed(player.speed) : player.speed; },
    subscribe: (subscriber) => subscribers.add(subscriber),
    onPause: (listener) => media.addEventListener("pause", listener),
    stop: () => {
      media.pause();
      cancelAnimationFrame(frame);
    },
  };

  function move(ms) {
    media.currentTime = Math.max(0, Math.min(ms, player.durationMs)) / 1000;
    pausedAt = null;
    drawLoop();
    notify();
  }

  // Continues a moment before the pause, unless the person chose another position since.
  function resume() {
    if (pausedAt !== null) media.currentTime = Math.max(0, pausedAt - (settings.get("back_on_resume_ms") ?? 0) / 1000);
    pausedAt = null;
    player.play();
  }

  function useSpeed(speed) {
    media.defaultPlaybackRate = media.playbackRate = speed;
    media.preservesPitch = true;
    part("rate").value = String(speed);
  }

  function setSpeed(speed) {
    useSpeed(speed);
    settings.set("speed", speed);
  }

  function keepToSpan() {
    const due = media.paused ? null : span.due(player.nowMs);
    if (due === "pause") media.pause();
    else if (due !== null) media.currentTime = due / 1000;
  }

  function notify() {
    part("now").textContent = formatDuration(player.nowMs);
    subscribers.forEach((subscriber) => subscriber(player.nowMs));
  }

  function runWhilePlaying() {
    keepToSpan();
    notify();
    if (!media.paused) frame = requestAnimationFrame(runWhilePlaying);
  }

  function drawState() {
    const button = part("play");
    button.querySelector("[data-when=paused]").hidden = !media.paused;
    button.querySelector("[data-when=playing]").hidden = media.paused;
    button.querySelector(".unseen").textContent = media.paused ? "Play" : "Pause";
  }

  function drawLoop() {
    part("loop").setAttribute("aria-pressed", String(span.isLooping));
  }

  function showFailure() {
    deck.classList.add("broken");
    part("news").classList.remove("unseen");
    part("news").textContent = "The audio can't be played here. The transcript is complete, and you can download the original.";
  }

  function paused() {
    if (!media.ended) pausedAt = media.currentTime;
  }

  part("play").addEventListener("click", player.toggle);
  part("back").addEventListener("click", () => player.skip(-BACK_MS));
  part("rate").addEventListener("change", (event) => setSpeed(Number(event.target.value)));
  for (const name of ["play", "pause", "ended"]) media.addEventListener(name, drawState);
  for (const name of ["play", "seeked", "timeupdate"]) media.addEventListener(name, () => media.paused && notify());
  media.addEventListener("play", runWhilePlaying);
  media.addEventListener("pause", paused);
  // A page out of sight paints nothing, but plays.
  media.addEventListener("timeupdate", () => document.hidden && keepToSpan());
  media.addEventListener("error", showFailure);
  if (media.error) showFailure(); // it failed before this page was ready
  useSpeed(stepped(settings.get("speed") ?? 1, 0));
  return player;
}
