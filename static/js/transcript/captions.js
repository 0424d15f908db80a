// Live captions for guests: large type, a contrast to choose, and nothing to operate.
import { pausedSince } from "../clock.js";
import { socketUrl } from "../socket.js";
import { createChangeFeed } from "./change_feed.js";
import { createLiveText } from "./live_text.js";
import { createViewer } from "./viewer.js";

const SIZES = 5;
const STANDARD_SIZE = 2;
const WATCHING = "Watching";
const ENDED = "This session has ended.";

function createAppearance(element, part, onResize) {
  let size = Number(localStorage.getItem("captions-size") ?? STANDARD_SIZE);

  function resize(step) {
    size = Math.min(SIZES - 1, Math.max(0, size + step));
    localStorage.setItem("captions-size", size);
    element.dataset.size = size;
    part("smaller").disabled = size === 0;
    part("larger").disabled = size === SIZES - 1;
    onResize();
  }

  function setContrast(isHigh) {
    localStorage.setItem("captions-contrast", isHigh ? "on" : "");
    document.documentElement.toggleAttribute("data-contrast", isHigh);
    part("contrast").setAttribute("aria-pressed", String(isHigh));
  }

  part("smaller").addEventListener("click", () => resize(-1));
  part("larger").addEventListener("click", () => resize(1));
  part("contrast").addEventListener("click", () => setContrast(!document.documentElement.hasAttribute("data-contrast")));
  setContrast(localStorage.getItem("captions-contrast") === "on");
  resize(0);
  return { end: () => document.documentElement.removeAttribute("data-contrast") };
}

export function captions(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const text = createLiveText(element);
  const changes = createChangeFeed(Number(element.dataset.change), (change) => viewer?.send({ type: "since", change }));
  const status = { connection: "", paused: "" };
  let viewer = null;
  let wakeLock = null;

  const showStatus = (facts) => {
    Object.assign(status, facts);
    part("status").textContent = status.connection || status.paused;
  };
  const showConnection = (words) => showStatus({ connection: words === WATCHING ? "" : words });
  const showPaused = (since) => showStatus({ paused: since ? pausedSince(since) : "" });

  function finish() {
    text.showProvisional("");
    showConnection(ENDED);
    // The link may lead to the transcript from now on
    part("transcript")?.removeAttribute("hidden");
    viewer.end();
  }

  const handlers = {
    edit: text.showEdit,
    partial: (message) => text.showProvisional(message.text),
    paused: ({ since }) => showPaused(since),
    resumed: () => showPaused(null),
    hello: ({ rows, speakers, change, paused }) => {
      showPaused(paused);
      text.showEdit({ rows, speakers });
      changes.advanceTo(change);
    },
    finished: finish,
  };

  function receive(message) {
    handlers[message.type]?.(message);
    if (message.change && message.type !== "hello") changes.add(message.change);
  }

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  text.showEdit({ rows: read("caption-rows"), speakers: read("caption-speakers") });
  const appearance = createAppearance(element, part, text.jumpToEnd);
  if ("isOpen" in element.dataset) {
    viewer = createViewer({ url: socketUrl(element.dataset.socket), showStatus: showConnection, onMessage: receive, lastChange: () => changes.last });
    navigator.wakeLock?.request("screen").then((held) => { wakeLock = held; }).catch(() => {});
  }
  return () => {
    for (const one of [text, changes, appearance, viewer]) one?.end();
    wakeLock?.release();
  };
}
