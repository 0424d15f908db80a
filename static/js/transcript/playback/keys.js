// Keys of the player, wherever the focus is as long as it does not want the key itself.
import { isTyping } from "../../hotkeys.js";

const STEP_MS = 3000;

export function watchKeys(player) {
  const actions = {
    " ": player.toggle,
    k: player.toggle,
    j: () => player.nudge(-STEP_MS),
    l: () => player.nudge(STEP_MS),
    ArrowLeft: () => player.nudge(-STEP_MS),
    ArrowRight: () => player.nudge(STEP_MS),
  };
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (event.key === " " && event.target.closest("button, a, summary")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
