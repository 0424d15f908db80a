// The waveform: drawn on a canvas in the speakers' colours, and a slider for pointer and keyboard.
import { formatDuration } from "../../clock.js";

const BAR = 2.4;
const PITCH = 4;
const LOWEST = 2;
const AHEAD_ALPHA = 0.32;
const STEPS = { ArrowLeft: -5_000, ArrowRight: 5_000, ArrowDown: -5_000, ArrowUp: 5_000, PageDown: -30_000, PageUp: 30_000 };

// Returns the loudest of the peaks of one bar, from 0 to 1.
function loudest(peaks, bar, bars) {
  const from = Math.floor((bar * peaks.length) / bars);
  const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
  return Math.max(...peaks.slice(from, to)) / 255;
}

const VOICES = 4;

function colours(spans) {
  const style = getComputedStyle(document.documentElement);
  const voices = Array.from({ length: VOICES }, (_, at) => style.getPropertyValue(`--voice-${at + 1}`));
  const plain = style.getPropertyValue("--faint");
  return (ms) => {
    const span = spans.findLast((one) => one.from <= ms);
    return span ? voices[(span.voice - 1) % VOICES] : plain;
  };
}

// `spans()` returns where each segment begins, and the number of its voice.
export function createWaveform(deck, player, spans) {
  const slider = deck.querySelector("[data-wave]");
  const canvas = deck.querySelector("[data-canvas]");
  const context = canvas.getContext("2d");
  let peaks = [];
  let bars = [];

  function measure() {
    const scale = devicePixelRatio || 1;
    canvas.width = slider.clientWidth * scale;
    canvas.height = slider.clientHeight * scale;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const count = Math.max(1, Math.floor(slider.clientWidth / PITCH));
    const colourAt = colours(spans());
    bars = Array.from({ length: count }, (_, bar) => ({
      height: Math.max(LOWEST, (peaks.length ? loudest(peaks, bar, count) : 0) * (slider.clientHeight - 4)),
      colour: colourAt(((bar + 0.5) / count) * player.durationMs),
    }));
    draw();
  }

  function draw() {
    const middle = slider.clientHeight / 2;
    const head = (player.nowMs / (player.durationMs || 1)) * slider.clientWidth;
    context.clearRect(0, 0, slider.clientWidth, slider.clientHeight);
    bars.forEach(({ height, colour }, bar) => {
      context.globalAlpha = bar * PITCH < head ? 1 : AHEAD_ALPHA;
      context.fillStyle = colour;
      context.fillRect(bar * PITCH, middle - height / 2, BAR, height);
    });
    context.globalAlpha = 1;
    context.fillStyle = getComputedStyle(slider).getPropertyValue("--rubric");
    context.fillRect(Math.min(head, slider.clientWidth - 2), 0, 2, slider.clientHeight);
  }

  function describe() {
    slider.setAttribute("aria-valuenow", String(Math.round(player.nowMs)));
    slider.setAttribute("aria-valuetext", `${formatDuration(player.nowMs)} of ${formatDuration(player.durationMs)}`);
  }

  const seekTo = (event) => {
    const box = slider.getBoundingClientRect();
    player.seek(((event.clientX - box.left) / box.width) * player.durationMs);
  };
  slider.addEventListener("pointerdown", (event) => {
    slider.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  slider.addEventListener("pointermove", (event) => slider.hasPointerCapture(event.pointerId) && seekTo(event));
  slider.addEventListener("keydown", (event) => {
    if (event.key in STEPS) player.skip(STEPS[event.key]);
    else if (event.key === "Home") player.seek(0);
    else if (event.key === "End") player.seek(player.durationMs);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let second = -1;
  player.subscribe((ms) => {
    draw();
    if (Math.floor(ms / 1000) !== second) describe();
    second = Math.floor(ms / 1000);
  });

  const sizes = new ResizeObserver(measure);
  sizes.observe(slider);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", measure);
  if (deck.dataset.peaks) {
    fetch(deck.dataset.peaks)
      .then((response) => (response.ok ? response.json() : { peaks: [] }))
      .then((found) => { peaks = found.peaks; measure(); })
      .catch(() => {}); // without a waveform the slider still seeks
  }
  return () => {
    sizes.disconnect();
    scheme.removeEventListener("change", measure);
  };
}
