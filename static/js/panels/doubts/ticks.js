// A tick under the waveform for each doubtful word.

const WIDTH_PX = 2;

// `deck` is the player's; without one nothing is drawn.
export function createTicks(deck) {
  const wave = deck?.querySelector("[data-wave]");
  if (!wave) return { draw() {}, end() {} };
  const canvas = document.createElement("canvas");
  canvas.className = "doubt-ticks";
  canvas.setAttribute("aria-hidden", "true");
  wave.append(canvas);
  let [items, durationMs] = [[], 0];

  function draw() {
    const scale = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    [canvas.width, canvas.height] = [width * scale, height * scale];
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = getComputedStyle(wave).getPropertyValue("--doubt");
    for (const { start } of durationMs ? items : []) context.fillRect((start / durationMs) * width, 0, WIDTH_PX, height);
  }

  const sizes = new ResizeObserver(draw);
  sizes.observe(wave);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", draw);

  return {
    draw: (found, ms) => {
      [items, durationMs] = [found, ms];
      draw();
    },
    end: () => {
      sizes.disconnect();
      scheme.removeEventListener("change", draw);
      canvas.remove();
    },
  };
}
