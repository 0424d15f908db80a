// The tray: what travels, how fast, and what one can do about it. It stands outside the part of the page that
// navigation replaces, so uploads go on while people move about.
import htmx from "htmx.org";
import { watchDrops } from "./drop.js";
import { left, size } from "./transfer_rate.js";
import { createQueue } from "./queue.js";

const CLEARED_AFTER_MS = 30_000;
const ACTS = {
  queued: ["pause", "cancel"],
  sending: ["pause", "cancel"],
  waiting: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  failed: ["retry", "cancel"],
  "needs-file": ["choose", "cancel"],
  done: ["dismiss"],
};

const percent = (item) => Math.floor((item.sent / (item.size || 1)) * 100);
const travelled = (item) => `${size(item.sent)} of ${size(item.size)}`;

const words = {
  queued: (item) => `${size(item.size)}, waits for its turn`,
  sending: (item) => {
    const rate = item.pace.bytesPerSecond;
    const pace = rate ? [`${size(rate)}/s`, left(item.size - item.sent, rate)] : [];
    return [travelled(item), ...pace].join(" · ");
  },
  waiting: (item) => item.words || (navigator.onLine ? "Verbatim does not answer. It goes on by itself." : "Resumes when you are online"),
  paused: (item) => `Paused at ${percent(item)} %`,
  failed: (item) => item.words,
  "needs-file": (item) => item.words || `Choose ${item.name} again to go on at ${percent(item)} %`,
  done: (item) => `Arrived, checked · ${size(item.size)}`,
};

export function uploads(element) {
  const list = element.querySelector("ul");
  const rows = new Map();
  const queue = createQueue({
    endpoint: element.dataset.endpoint,
    largestPart: Number(element.dataset.largestPart),
    user: document.body.dataset.user,
    changed: (item) => {
      if (item.state === "cancelled") remove(item.id);
      else draw(item);
      summarise();
    },
  });

  function row(item) {
    if (rows.has(item.id)) return rows.get(item.id);
    const made = document.getElementById("tray-item").content.firstElementChild.cloneNode(true);
    made.dataset.id = item.id;
    made.querySelector("[data-part=name]").textContent = item.name;
    list.append(made);
    rows.set(item.id, made);
    return made;
  }

  function draw(item) {
    const made = row(item);
    const fresh = made.dataset.state !== item.state;
    made.dataset.state = item.state;
    made.toggleAttribute("data-kept", item.kept);
    made.toggleAttribute("data-begun", Boolean(item.url));
    const bar = made.querySelector("progress");
    bar.value = item.size ? (item.sent / item.size) * 1000 : 0;
    bar.hidden = item.state === "done";
    bar.setAttribute("aria-label", `${item.name}: ${percent(item)} %`);
    made.querySelector("[data-part=words]").textContent = words[item.state](item);
    if (fresh) changeState(made, item);
  }

  function changeState(made, item) {
    const focused = made.contains(document.activeElement);
    for (const button of made.querySelectorAll("[data-act]")) button.hidden = !ACTS[item.state].includes(button.dataset.act);
    if (focused) made.querySelector("[data-act]:not([hidden])")?.focus();
    if (item.state === "done") arrived(made, item);
    if (["done", "failed", "needs-file"].includes(item.state)) announce(`${item.name}: ${words[item.state](item)}`);
  }

  function arrived(made, item) {
    if (item.recording) {
      const link = document.createElement("a");
      Object.assign(link, { href: `/recordings/${item.recording}/`, textContent: item.name });
      made.querySelector("[data-part=name]").replaceChildren(link);
      htmx.process(made);
    }
    setTimeout(() => clear(made, item.id), CLEARED_AFTER_MS);
  }

  function clear(made, id) {
    if (made.matches(":hover, :focus-within")) setTimeout(() => clear(made, id), CLEARED_AFTER_MS);
    else queue.act("dismiss", id);
  }

  function remove(id) {
    rows.get(id)?.remove();
    rows.delete(id);
  }

  const announce = (text) => { element.querySelector("[data-tray-news]").textContent = text; };

  function summarise() {
    const items = [...queue.items.values()];
    const open = items.filter((item) => item.state !== "done");
    const rate = items.filter((item) => item.state === "sending").reduce((sum, item) => sum + item.pace.bytesPerSecond, 0);
    const rest = open.reduce((sum, item) => sum + item.size - item.sent, 0);
    element.hidden = items.length === 0;
    element.querySelector("[data-tray-title]").textContent = open.length
      ? `Uploading ${Math.min(items.length - open.length + 1, items.length)} of ${items.length}`
      : `${items.length} arrived`;
    element.querySelector("[data-tray-rate]").textContent = rate ? `${size(rate)}/s · ${left(rest, rate)}` : "";
  }

  function choose(id) {
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.addEventListener("change", () => input.files[0] && queue.act("choose", id, input.files[0]));
    input.click();
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const id = button?.closest("[data-id]").dataset.id;
    if (button?.dataset.act === "choose") choose(id);
    else if (button) queue.act(button.dataset.act, id);
  });
  element.querySelector("[data-tray-fold]").addEventListener("click", (event) => {
    const folded = element.classList.toggle("folded");
    event.currentTarget.setAttribute("aria-expanded", String(!folded));
  });

  document.addEventListener("verbatim:files", ({ detail }) => {
    for (const file of detail.files) queue.add(file, detail.options);
  });
  watchDrops(document.querySelector("[data-drop-target]"));
  queue.restore().catch(() => {}).finally(() => element.toggleAttribute("data-restored", true));
}
