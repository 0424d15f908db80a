// The moments of a search: one plays where it is, in a small player at the foot of the page, and keys go from one to the next.
import { formatDuration } from "../clock.js";
import { bindHotkeys } from "../hotkeys.js";

const NO_AUDIO = "This recording has no audio that a browser can play.";

const links = () => [...document.querySelectorAll("[data-moment] .q")];

// Returns the element after the one that has the focus, or before it; the first if none of them has it.
export function neighbour(elements, focused, step) {
  const at = elements.findIndex((element) => element === focused);
  if (at < 0) return elements[step > 0 ? 0 : elements.length - 1];
  return elements[Math.min(elements.length - 1, Math.max(0, at + step))];
}

// Plays one moment at a time: the same again pauses it, another takes its place.
export function createMomentPlayer(audio, show) {
  let playing = null;

  async function play(moment) {
    playing = moment;
    show({ moment, news: "" });
    if (audio.getAttribute("src") !== moment.media) audio.setAttribute("src", moment.media);
    audio.currentTime = moment.ms / 1_000;
    await resume();
  }

  async function resume() {
    try {
      await audio.play();
    } catch (error) {
      if (!["AbortError", "NotAllowedError"].includes(error.name)) show({ moment: playing, news: NO_AUDIO });
    }
  }

  return {
    press: (moment) => (playing?.key === moment.key && !audio.paused ? audio.pause() : play(moment)),
    toggle: () => (audio.paused ? resume() : audio.pause()),
    close: () => {
      audio.pause();
      audio.removeAttribute("src");
      playing = null;
    },
  };
}

export function momentPlayer(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const audio = part("audio");
  const player = createMomentPlayer(audio, show);
  let pressed = null;

  function show({ moment, news }) {
    element.hidden = false;
    part("title").textContent = moment.title;
    part("title").href = `${moment.href}#t=${formatDuration(moment.ms)}`;
    part("news").textContent = news;
    drawTime(moment.ms);
  }

  function drawTime(ms = audio.currentTime * 1_000) {
    part("now").textContent = formatDuration(ms);
  }

  function draw() {
    for (const icon of element.querySelectorAll("[data-when]")) icon.hidden = icon.dataset.when !== (audio.paused ? "paused" : "playing");
    part("label").textContent = audio.paused ? "Play" : "Pause";
    for (const moment of document.querySelectorAll("[data-moment]")) moment.classList.toggle("on", pressed !== null && moment.contains(pressed));
  }

  function press(button) {
    pressed = button;
    draw();
    const { playMs, media, title, href } = button.dataset;
    player.press({ key: `${media} ${playMs}`, ms: Number(playMs), media, title, href });
  }

  function close() {
    const next = pressed;
    pressed = null;
    player.close();
    element.hidden = true;
    draw();
    if (next?.isConnected) next.focus();
  }

  const onClick = (event) => {
    const button = event.target.closest("[data-play-ms]");
    if (button) press(button);
  };
  // A recording's moments are replaced by all of it: the focus stays at them.
  const onMore = (event) => {
    const link = event.detail.elt?.closest?.("[data-more]");
    if (!link) return;
    const list = link.previousElementSibling;
    link.remove();
    list?.querySelector(".q")?.focus();
  };
  const focusNext = (step) => neighbour(links(), document.activeElement.closest("[data-moment]")?.querySelector(".q"), step)?.focus();
  const playFocused = () => {
    const row = document.activeElement.closest("[data-moment]") ?? document.querySelector("[data-moment]");
    const button = row?.querySelector("[data-play-ms]");
    if (button) press(button);
  };
  // Keys belong to a field that has the focus, and this one has no use for it.
  const onKeyDown = (event) => {
    if (event.key !== "ArrowDown" || !event.target.matches("input[type=search]")) return;
    event.preventDefault();
    focusNext(1);
  };
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKeyDown);
  document.body.addEventListener("htmx:afterRequest", onMore);
  part("toggle").addEventListener("click", player.toggle);
  part("close").addEventListener("click", close);
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, draw);
  audio.addEventListener("timeupdate", () => drawTime());
  audio.addEventListener("error", () => audio.getAttribute("src") && (part("news").textContent = NO_AUDIO));
  const unbind = bindHotkeys({ "search.next": () => focusNext(1), "search.previous": () => focusNext(-1), "search.play": playFocused });
  return () => {
    player.close();
    document.removeEventListener("click", onClick);
    document.removeEventListener("keydown", onKeyDown);
    document.body.removeEventListener("htmx:afterRequest", onMore);
    unbind();
  };
}
