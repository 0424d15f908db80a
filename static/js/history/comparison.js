// Two states of the text compared, shown in the place of the text until it is closed.
import { bindHotkeys } from "../hotkeys.js";
import { loadPart } from "./part.js";

// Returns the index of the change to go to from the one at `at`, -1 before the first; it goes round at both ends.
export const stepFrom = (at, step, count) => (at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count);

// `text` is the element that the comparison replaces. `onClose()` is called when it is closed.
export function createComparison({ text, load = loadPart, onClose = () => {} }) {
  const place = Object.assign(document.createElement("div"), { className: "compared-text", hidden: true });
  text.before(place);
  let [at, opener, asked, release] = [-1, null, 0, () => {}];

  const changes = () => [...place.querySelectorAll("[data-change]")];
  const isOpen = () => !place.hidden;

  // Resolves to whether it could be shown; of two that are asked for, the later one is.
  async function open(url, from = null) {
    const mine = (asked += 1);
    const part = await load(url);
    if (mine !== asked) return true;
    if (part === null) return false;
    if (!isOpen()) bind();
    opener = from ?? opener;
    place.innerHTML = part;
    [place.hidden, text.hidden, at] = [false, true, -1];
    place.querySelector("[data-compared]").focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
    return true;
  }

  function bind() {
    release = bindHotkeys({ "comparison.next": () => step(1), "comparison.previous": () => step(-1), "comparison.close": close });
  }

  function step(by) {
    const all = changes();
    if (!all.length) return;
    all[at]?.removeAttribute("aria-current");
    at = stepFrom(at, by, all.length);
    all[at].setAttribute("aria-current", "true");
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "center" });
  }

  function close() {
    asked += 1;
    if (!isOpen()) return;
    release();
    [place.hidden, text.hidden] = [true, false];
    place.replaceChildren();
    if (opener?.isConnected) opener.focus();
    opener = null;
    onClose();
  }

  place.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step], [data-close]");
    if (!button) return;
    if ("close" in button.dataset) close();
    else step(Number(button.dataset.step));
  });
  place.addEventListener("change", ({ target }) => "against" in target.dataset && open(target.value));

  return {
    open,
    close,
    element: place,
    stop: () => {
      close();
      place.remove();
    },
  };
}
