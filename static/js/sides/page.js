// The page that compares a transcript with another provider's text: differences one after the other, played and taken over.
import { loadPart } from "../history/part.js";
import { stepFrom } from "../history/comparison.js";
import { bindHotkeys } from "../hotkeys.js";
import { post } from "../requests.js";
import { startPlayback } from "../transcript/reader.js";
import { createComparedText } from "./text.js";

const OFFLINE = "The server can’t be reached. Nothing was changed; try again once you are online.";
const STALE = "Your change is saved, but the page couldn’t be refreshed. Reload it to see the text as it is.";
const NOTHING = "no words";
const TAKEN = "Taken over.";

export function sides(element) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const [place, dock] = [part("sides"), part("dock")];
  const text = createComparedText(place);
  let [player, at, isSending] = [null, -1, false];

  const deck = part("deck");
  const stops = deck ? startPlayback(element, deck, { text, editing: { usePlayer: (made) => { player = made; } }, moment: null }) : [];
  const differences = () => [...place.querySelectorAll("[data-difference]")];
  const current = () => differences()[at];

  // Shows a difference in the dock; without a difference the dock is empty, and says that there is none.
  function select(index, { focuses = false } = {}) {
    const all = differences();
    all[at]?.removeAttribute("aria-current");
    place.querySelectorAll("[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    at = all.length ? Math.min(index, all.length - 1) : -1;
    dock.hidden = at < 0;
    const one = all[at];
    if (!one) return;
    one.setAttribute("aria-current", "true");
    part("count").textContent = `Difference ${at + 1} of ${all.length}`;
    part("was").textContent = wordsOf(one, "mine") || NOTHING;
    part("offered").textContent = wordsOf(one, "theirs") || NOTHING;
    if (!focuses) return;
    one.focus({ preventScroll: true });
    one.scrollIntoView({ block: "center" });
  }

  const wordsOf = (one, side) => one.querySelector(`[data-${side}]`)?.textContent ?? "";

  function step(by) {
    const count = differences().length;
    if (!count) return say("Both texts have the same words.");
    part("refusal").textContent = "";
    return select(stepFrom(at, by, count), { focuses: true });
  }

  function play() {
    const one = current();
    if (!one) return step(1);
    return player?.playSpan(Number(one.dataset.from), Number(one.dataset.until));
  }

  const say = (sentence) => { part("said").textContent = sentence; };

  // The next difference is where the taken one was.
  async function take() {
    const one = current();
    if (!one || isSending) return;
    isSending = true;
    const { segment, first, last } = one.dataset;
    const fields = { segment, first, last, was: wordsOf(one, "mine"), seq: place.querySelector("[data-seq]").dataset.seq };
    const { status, detail } = await post(element.dataset.take, fields);
    const isDone = status === 200;
    part("refusal").textContent = isDone ? "" : detail ?? OFFLINE;
    if (status && !(await refresh())) part("refusal").textContent = isDone ? STALE : detail;
    if (isDone) say(TAKEN);
    isSending = false;
  }

  async function refresh() {
    const html = await loadPart(element.dataset.part);
    if (html === null) return false;
    const hadFocus = place.contains(document.activeElement);
    place.innerHTML = html;
    text.read();
    select(Math.max(at, 0), { focuses: hadFocus });
    if (hadFocus && at < 0) document.getElementById("page").focus({ preventScroll: true });
    return true;
  }

  place.addEventListener("click", ({ target }) => {
    const one = target.closest("[data-difference]");
    if (!one) return;
    select(differences().indexOf(one), { focuses: false });
    play();
  });
  dock.addEventListener("click", ({ target }) => {
    const stepping = target.closest("[data-step]");
    if (stepping) step(Number(stepping.dataset.step));
    if (target.closest("[data-play-difference]")) play();
    if (target.closest("[data-take-words]")) take();
  });
  const takes = part("take-words") ? { "comparison.take": () => (current() ? take() : step(1)) } : {};
  const release = bindHotkeys({
    "comparison.next": () => step(1),
    "comparison.previous": () => step(-1),
    ...(deck && { "comparison.play": play }),
    ...takes,
  });
  select(0);

  return () => [release, text.end, ...stops].forEach((stop) => stop());
}
