// Every keyboard shortcut, in one table: it dispatches the keys and draws the help. A shortcut works on a page while
// something is bound to it: a module by `bindHotkeys`, or an element that names it in `data-hotkey`.

// A combination is the key with its modifiers before it, as `combination` writes them. Ctrl stands for ⌘ as well.
export const HOTKEYS = [
  { id: "playback.toggle", group: "Playback", label: "Play or pause", keys: ["Space", "K"] },
  { id: "playback.back", group: "Playback", label: "Back 3 s", keys: ["ArrowLeft", "J"] },
  { id: "playback.forward", group: "Playback", label: "Forward 3 s", keys: ["ArrowRight", "L"] },
  { id: "live.mark", group: "Live session", label: "Mark this moment", keys: ["M"] },
  { id: "live.note", group: "Live session", label: "Mark it with a note", keys: ["N"] },
  { id: "live.correct", group: "Live session", label: "Edit the last segment", keys: ["E"] },
  { id: "live.speaker", group: "Live session", label: "Name its speaker", keys: ["S"] },
  { id: "edit.save", group: "While naming a speaker", label: "Save the name", keys: ["Enter"], isLocal: true },
  { id: "edit.discard", group: "While naming a speaker", label: "Discard the change", keys: ["Escape"], isLocal: true },
  { id: "library.search", group: "Library", label: "Search", keys: ["/"] },
  { id: "undo", group: "General", label: "Undo the deletion", keys: ["Z", "Ctrl Z"] },
  { id: "help", group: "General", label: "Show keyboard shortcuts", keys: ["?"] },
];

const SINGLE_KEYS = "verbatim-single-keys";
const FIELDS = "input, select, textarea, [contenteditable]";
// What these do with Space is their own.
const PRESSED_BY_SPACE = "button, a, summary";

const bindings = new Set();

// The action of a shortcut that its field handles: bound, so that the help lists it.
export const LOCAL = () => {};

const isTyping = (target) => Boolean(target.closest?.(FIELDS));

const isLetter = (key) => /^\p{L}$/u.test(key);

// Returns what was pressed as the table writes it. Shift is part of it only where it does not choose the character.
export function combination({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const name = key === " " ? "Space" : isLetter(key) ? key.toUpperCase() : key;
  const isShifted = shiftKey && (isLetter(key) || name.length > 1);
  return [(ctrlKey || metaKey) && "Ctrl", altKey && "Alt", isShifted && "Shift", name].filter(Boolean).join(" ");
}

const isSingleCharacter = (keys) => [...keys].length === 1;

// Single characters can be switched off: speech input and a resting hand press them by accident.
export function singleKeysWork(storage = localStorage) {
  return storage.getItem(SINGLE_KEYS) !== "off";
}

export function setSingleKeys(work, storage = localStorage) {
  if (work) storage.removeItem(SINGLE_KEYS);
  else storage.setItem(SINGLE_KEYS, "off");
}

// Binds an action to each shortcut, by its id. Returns what releases them. With `isListed` false they stay out of the help.
export function bindHotkeys(actions, { isListed = true } = {}) {
  for (const id of Object.keys(actions)) if (!HOTKEYS.some((hotkey) => hotkey.id === id)) throw new Error(`Unknown shortcut ${id}`);
  const binding = { actions, isListed };
  bindings.add(binding);
  return () => bindings.delete(binding);
}

const elementOf = (id) => document.querySelector(`[data-hotkey="${CSS.escape(id)}"]`);

function use(element) {
  if (!element.matches("input, select, textarea")) return element.click();
  element.focus();
  element.select?.();
}

// The newest binding wins, then the page's element.
function actionOf(id) {
  const binding = [...bindings].findLast(({ actions }) => id in actions);
  const element = elementOf(id);
  return binding?.actions[id] ?? (element && (() => use(element)));
}

// Returns the shortcuts that work here, by group, in the order of the table.
export function listedHotkeys() {
  const isHere = ({ id }) => [...bindings].some(({ actions, isListed }) => isListed && id in actions) || elementOf(id);
  const groups = new Map();
  for (const hotkey of HOTKEYS.filter(isHere)) groups.set(hotkey.group, [...(groups.get(hotkey.group) ?? []), hotkey]);
  return groups;
}

function isElsewhere(event, keys) {
  if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return true;
  if (keys === "Space" && event.target.closest?.(PRESSED_BY_SPACE)) return true;
  return isSingleCharacter(keys) && !singleKeysWork();
}

// Acts on a pressed key. A dialog has the keyboard to itself.
export function press(event) {
  const keys = combination(event);
  const hotkey = HOTKEYS.find((one) => !one.isLocal && one.keys.includes(keys) && actionOf(one.id));
  if (!hotkey || isElsewhere(event, keys) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  actionOf(hotkey.id)();
}

export function watchHotkeys() {
  document.addEventListener("keydown", press);
}
