// The dialog that lists the shortcuts of the page, drawn from their table.
import { bindHotkeys, listedHotkeys, setSingleKeys, singleKeysWork } from "./hotkeys.js";

const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "↵", Escape: "Esc" };
const MAC_SIGNS = { Ctrl: "⌘", Alt: "⌥", Shift: "⇧" };

// Returns a combination as the keyboard labels it.
export function keyLabel(keys, isMac) {
  return keys.split(" ").map((key) => (isMac && MAC_SIGNS[key]) || SIGNS[key] || key).join(" ");
}

const isMac = () => /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);

function made(tag, text = "", fields = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...fields });
}

function row({ label, keys }) {
  const line = made("div");
  const labels = made("dd");
  labels.append(...keys.flatMap((one) => [made("kbd", keyLabel(one, isMac())), " "]));
  line.append(made("dt", label), labels);
  return line;
}

function section([group, hotkeys]) {
  const list = made("dl");
  list.append(...hotkeys.map(row));
  const box = made("section");
  box.append(made("h3", group), list);
  return box;
}

export function hotkeysHelp(dialog) {
  const list = dialog.querySelector("[data-hotkey-list]");
  const singleKeys = dialog.querySelector("[data-single-keys]");
  let origin = null;

  function show(from = document.activeElement) {
    if (dialog.open) return;
    origin = from;
    list.replaceChildren(...[...listedHotkeys()].map(section));
    singleKeys.checked = singleKeysWork();
    dialog.showModal();
  }

  // The menu closes, so the focus returns to what opened the menu.
  function openFromMenu(event) {
    const menu = event.target.closest("[data-hotkeys-open]")?.closest("details");
    if (!menu) return;
    menu.open = false;
    show(menu.querySelector("summary"));
  }

  function closeOnKey(event) {
    if (event.key !== "?") return;
    event.preventDefault();
    dialog.close();
  }

  dialog.addEventListener("close", () => origin?.focus({ preventScroll: true }));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", closeOnKey);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  singleKeys.addEventListener("change", () => setSingleKeys(singleKeys.checked));
  document.addEventListener("click", openFromMenu);
  return bindHotkeys({ help: () => show() });
}
