// The dialog that lists the shortcuts of the page, drawn from their table.
import { bindHotkeys, keysOf, listedHotkeys, setSingleKeys, singleKeysWork } from "../hotkeys.js";
import { createKeyEditor } from "./key_editor.js";

const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "↵", Escape: "Esc", MediaPlayPause: "⏯" };
const MAC_SIGNS = { Ctrl: "⌘", Alt: "⌥", Shift: "⇧" };

// Returns a combination as the keyboard labels it.
export function keyLabel(keys, isMac) {
  const sign = (key) => (isMac && MAC_SIGNS[key]) || SIGNS[key] || key;
  return keys.split(", ").map((one) => one.split(" ").map(sign).join(" ")).join(" then ");
}

const isMac = () => /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);

function made(tag, text = "", fields = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...fields });
}

const key = (keys) => made("kbd", keyLabel(keys, isMac()));

// The keys of a shortcut, or a button that changes them.
function row(hotkey, isEditing) {
  const line = made("div");
  const labels = made("dd");
  const keys = keysOf(hotkey).flatMap((one) => [key(one), " "]);
  if (isEditing && !hotkey.isLocal) {
    const button = made("button", "", { type: "button", className: "btn small" });
    button.dataset.learn = hotkey.id;
    button.append(...(keys.length ? keys : ["No keys"]), made("span", `Change the keys of ${hotkey.label}`, { className: "unseen" }));
    labels.append(button);
  } else {
    labels.append(...keys);
  }
  line.append(made("dt", hotkey.label), labels);
  return line;
}

function section([group, hotkeys], isEditing) {
  const list = made("dl");
  list.append(...hotkeys.map((hotkey) => row(hotkey, isEditing)));
  const box = made("section");
  box.append(made("h3", group), list);
  return box;
}

export function hotkeysHelp(dialog) {
  const list = dialog.querySelector("[data-hotkey-list]");
  const singleKeys = dialog.querySelector("[data-single-keys]");
  const editor = createKeyEditor(dialog, { redraw: draw, label: (keys) => keyLabel(keys, isMac()) });
  let origin = null;

  function draw() {
    const isWorth = (hotkey) => editor.isEditing || keysOf(hotkey).length;
    const groups = [...listedHotkeys()].map(([group, hotkeys]) => [group, hotkeys.filter(isWorth)]).filter(([, hotkeys]) => hotkeys.length);
    list.replaceChildren(...groups.map((group) => section(group, editor.isEditing)));
    editor.draw();
  }

  function show(from = document.activeElement) {
    if (dialog.open) return;
    origin = from;
    draw();
    singleKeys.checked = singleKeysWork();
    dialog.showModal();
  }

  // A menu closes, so the focus returns to what opened the menu.
  function openFromButton(event) {
    const opener = event.target.closest("[data-hotkeys-open]");
    if (!opener) return;
    const menu = opener.closest("details");
    if (menu) menu.open = false;
    show(menu?.querySelector("summary") ?? opener);
  }

  function closeOnKey(event) {
    if (event.key !== "?" || event.target.matches("select")) return;
    event.preventDefault();
    dialog.close();
  }

  dialog.addEventListener("close", () => origin?.focus({ preventScroll: true }));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", closeOnKey);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  singleKeys.addEventListener("change", () => setSingleKeys(singleKeys.checked));
  document.addEventListener("click", openFromButton);
  return bindHotkeys({ help: () => show() });
}
