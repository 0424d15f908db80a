// The menu of teams at the foot of the rail: opened by a key, its first team has the focus; a digit chooses, arrows move.
import { bindHotkeys, LOCAL } from "../hotkeys.js";

export function teamSwitch(element) {
  const teams = () => [...element.querySelectorAll(".switch-menu button")];
  const current = () => teams().find((team) => team.getAttribute("aria-current")) ?? teams()[0];

  function move(step) {
    const all = teams();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  }

  // Immediately, and not on the event of the menu: the next key may follow within milliseconds.
  function open() {
    element.open = true;
    current()?.focus();
  }

  element.addEventListener("keydown", (event) => {
    if (!element.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const numbered = /^[1-9]$/.test(event.key) && element.querySelector(`[data-team-number="${event.key}"]`);
    if (!step && !numbered) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) move(step);
    else numbered.click();
  });
  return bindHotkeys({ "team.switch": open, "team.choose": LOCAL });
}
