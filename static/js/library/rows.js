// Moves between the rows of the library by keyboard: J and K from anywhere, arrows from a row. Enter opens a row, because
// its title is a link that has the focus.
import { LOCAL, bindHotkeys } from "../hotkeys.js";

const TITLE = "[data-row-title]";
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

// Returns the row that is `step` rows from the present one, which may be none; there is none beyond the ends.
export function rowAt(titles, present, step) {
  const at = titles.indexOf(present);
  if (at < 0) return step > 0 ? titles[0] : titles.at(-1);
  return titles[at + step];
}

export function libraryRows(element) {
  const titles = () => [...element.querySelectorAll(TITLE)];
  const present = () => document.activeElement?.closest(".row")?.querySelector(TITLE);
  const move = (step) => rowAt(titles(), present(), step)?.focus();

  element.addEventListener("keydown", (event) => {
    if (!event.target.matches(TITLE) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) {
      event.preventDefault();
      move(ARROWS[event.key]);
    } else if (event.key === "Escape" && !document.querySelector("#library-list[data-selecting]")) {
      // What is selected is cleared first
      document.getElementById("page").focus({ preventScroll: true });
    }
  });

  return bindHotkeys({
    "library.next": () => move(1),
    "library.previous": () => move(-1),
    "library.arrows": LOCAL,
    "library.open": LOCAL,
  });
}
