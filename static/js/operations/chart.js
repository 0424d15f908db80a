// Charts of the last day, drawn by uPlot from the JSON beside them; the table that follows says the same in words.
import uPlot from "uplot";

const HEIGHT = 140;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function axes(unit) {
  const axis = { stroke: colour("faint"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, font: "11px Inter Variable" };
  return [
    { ...axis, grid: { show: false }, space: 60, values: (_, ticks) => ticks.map((at) => new Date(at * 1000).toTimeString().slice(0, 5)) },
    { ...axis, size: 54, values: (_, ticks) => ticks.map((value) => `${value} ${unit}`) },
  ];
}

const bars = uPlot.paths.bars({ size: [0.7, 40], align: 1 });

function series({ label, tone, kind }) {
  const ink = colour(tone);
  return kind === "bars" ? { label, fill: ink, stroke: ink, width: 0, paths: bars, points: { show: false } } : { label, stroke: ink, width: 2, points: { size: 4 }, spanGaps: true };
}

export function chart(element) {
  const { hours, lines, unit } = JSON.parse(document.getElementById(element.dataset.source).textContent);
  const options = {
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, most || 1] } },
  };
  const draw = () => new uPlot({ ...options, axes: axes(unit), series: [{}, ...lines.map(series)], width: element.clientWidth }, [hours, ...lines.map(({ values }) => values)], element);
  let plot = draw();
  const redraw = () => {
    plot.destroy();
    plot = draw();
  };
  const theme = matchMedia("(prefers-color-scheme: dark)");
  theme.addEventListener("change", redraw);
  const size = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
  size.observe(element);
  return () => {
    theme.removeEventListener("change", redraw);
    size.disconnect();
    plot.destroy();
  };
}
