// Every keyboard shortcut, in one table: it dispatches the keys and draws the help. A shortcut works on a page while
// something is bound to it: a module by `bindHotkeys`, or an element that names it in `data-hotkey`.

// A combination is the key with its modifiers before it, as `combination` writes them; Ctrl stands for ⌘ as well. Two that
// are pressed one after the other have a comma between them. `inText` shortcuts act while someone types, by those of their
// keys that write nothing; `repeats` those that act again while their key is held down.
export const HOTKEYS = [
  { id: "playback.toggle", group: "Playback", label: "Play or pause", keys: ["Space", "Ctrl Space", "F9", "MediaPlayPause"], inText: true },
  { id: "playback.back", group: "Playback", label: "Back 3 s", keys: ["ArrowLeft", "F7"], inText: true, repeats: true },
  { id: "playback.forward", group: "Playback", label: "Forward 3 s", keys: ["ArrowRight", "F8"], inText: true, repeats: true },
  { id: "playback.back10", group: "Playback", label: "Back 10 s", keys: ["Shift ArrowLeft"], inText: true, repeats: true },
  { id: "playback.forward10", group: "Playback", label: "Forward 10 s", keys: ["Shift ArrowRight"], inText: true, repeats: true },
  { id: "playback.slower", group: "Playback", label: "Slower", keys: ["["], inText: true },
  { id: "playback.faster", group: "Playback", label: "Faster", keys: ["]"], inText: true },
  { id: "playback.normal", group: "Playback", label: "Normal speed", keys: ["="], inText: true },
  { id: "playback.follow", group: "Playback", label: "Follow playback", keys: ["L"], inText: true },
  { id: "playback.loop", group: "Playback", label: "Loop the segment", keys: ["O"], inText: true },
  { id: "playback.selection", group: "Playback", label: "Play the selection", keys: ["Shift P", "F4"], inText: true },
  { id: "playback.picture", group: "Playback", label: "Dock, float or hide the picture", keys: ["V"], inText: true },
  { id: "text.split", group: "While editing", label: "Split the segment", keys: ["Ctrl Enter"], isLocal: true },
  { id: "text.merge", group: "While editing", label: "At its beginning: merge it into the previous one", keys: ["Backspace"], isLocal: true },
  { id: "text.finish", group: "While editing", label: "Finish editing", keys: ["Escape"], isLocal: true },
  { id: "text.undo", group: "While editing", label: "Undo", keys: ["Ctrl Z"], isLocal: true },
  { id: "text.redo", group: "While editing", label: "Redo", keys: ["Ctrl Shift Z"], isLocal: true },
  { id: "text.time", group: "While editing", label: "Insert the time", keys: ["Ctrl ;"], inText: true },
  { id: "text.speaker", group: "While editing", label: "Choose the speaker", keys: ["S", "Alt S"], inText: true },
  { id: "text.assign", group: "While editing", label: "Give the selection to speaker 1 to 9", keys: ["Alt 1 … 9"], isLocal: true },
  { id: "text.times", group: "While editing", label: "Adjust the times", keys: ["Alt T"], inText: true },
  { id: "text.word_back", group: "While editing", label: "First word to the segment before", keys: ["Alt ,"], inText: true },
  { id: "text.word_forward", group: "While editing", label: "Last word of the segment before to here", keys: ["Alt ."], inText: true },
  { id: "text.inaudible", group: "While editing", label: "Mark as inaudible", keys: ["Alt I"], inText: true },
  { id: "text.quote", group: "While editing", label: "Copy as a quotation", keys: ["Alt C"], inText: true },
  { id: "text.find", group: "While editing", label: "Find and replace", keys: ["Ctrl F"], inText: true },
  { id: "review.tick", group: "Review", label: "Reviewed, and to the next segment", keys: ["R", "Alt R"], inText: true },
  { id: "review.untick", group: "Review", label: "Not reviewed", keys: ["Shift R", "Alt Shift R"], inText: true },
  { id: "review.status", group: "Review", label: "Start the review; during it, approve", keys: ["G, A"] },
  { id: "find.next", group: "Find and replace", label: "Next; with Shift, previous", keys: ["Enter"], isLocal: true },
  { id: "find.replace", group: "Find and replace", label: "Replace this one", keys: ["Alt Enter"], isLocal: true },
  { id: "conflict.keep", group: "Conflicts", label: "Keep the text", keys: ["1"], isLocal: true },
  { id: "conflict.take", group: "Conflicts", label: "Use the other", keys: ["2"], isLocal: true },
  { id: "conflict.edit", group: "Conflicts", label: "Edit the place", keys: ["3"], isLocal: true },
  { id: "panel.review", group: "Panels", label: "Words to check", keys: ["G, R"] },
  { id: "panel.comments", group: "Panels", label: "Comments", keys: ["G, M"] },
  { id: "panel.conflicts", group: "Panels", label: "Conflicts", keys: ["G, C"] },
  { id: "panel.speakers", group: "Panels", label: "Speakers", keys: ["G, S"] },
  { id: "panel.history", group: "Panels", label: "History", keys: ["G, H"] },
  { id: "panel.subtitles", group: "Panels", label: "Subtitles", keys: ["G, T"] },
  { id: "panel.export", group: "Panels", label: "Export", keys: ["D"] },
  { id: "panel.share", group: "Panels", label: "Share", keys: ["G, L"] },
  { id: "comparison.next", group: "Comparison", label: "Next change", keys: ["J"] },
  { id: "comparison.previous", group: "Comparison", label: "Previous change", keys: ["K"] },
  { id: "comparison.play", group: "Comparison", label: "Play the difference", keys: ["P"] },
  { id: "comparison.take", group: "Comparison", label: "Take the other words, and go to the next", keys: ["T"] },
  { id: "comparison.close", group: "Comparison", label: "Close the comparison", keys: ["Escape"] },
  { id: "subtitles.next", group: "Subtitles", label: "Next fault", keys: ["J"] },
  { id: "subtitles.previous", group: "Subtitles", label: "Previous fault", keys: ["K"] },
  { id: "subtitles.extend", group: "Subtitles", label: "Extend by what it lacks", keys: ["X"] },
  { id: "subtitles.split", group: "Subtitles", label: "Split at sense", keys: ["T"] },
  { id: "subtitles.accept", group: "Subtitles", label: "Accept as it is", keys: ["A"] },
  { id: "doubts.next", group: "Words to check", label: "Next word", keys: ["J", "Alt J"], inText: true },
  { id: "doubts.previous", group: "Words to check", label: "Previous word", keys: ["K", "Alt K"], inText: true },
  { id: "doubts.accept", group: "Words to check", label: "Accept, and go to the next", keys: ["A"] },
  { id: "doubts.correct", group: "Words to check", label: "Correct; Enter or Esc goes to the next", keys: ["C"] },
  { id: "doubts.correct_all", group: "Words to check", label: "Correct all that are alike", keys: ["Shift C"] },
  { id: "doubts.choose", group: "Words to check", label: "Use what it could also be", keys: ["1 … 9"], isLocal: true },
  { id: "doubts.play", group: "Words to check", label: "Play 3 s around it", keys: ["P"] },
  { id: "comments.add", group: "Comments", label: "Comment on the selection or the spoken word", keys: ["M", "Alt M"], inText: true },
  { id: "comments.send", group: "Comments", label: "Send", keys: ["Ctrl Enter"], isLocal: true },
  { id: "comments.next", group: "Comments", label: "In the panel: next comment", keys: ["J"], isLocal: true },
  { id: "comments.previous", group: "Comments", label: "In the panel: previous comment", keys: ["K"], isLocal: true },
  { id: "comments.resolve", group: "Comments", label: "In the panel: resolve or reopen", keys: ["E"], isLocal: true },
  { id: "live.mark", group: "Live session", label: "Mark this moment", keys: ["M"] },
  { id: "live.note", group: "Live session", label: "Mark it with a note", keys: ["N"] },
  { id: "live.correct", group: "Live session", label: "Edit the last segment", keys: ["E"] },
  { id: "live.speaker", group: "Live session", label: "Name its speaker", keys: ["S"] },
  { id: "edit.save", group: "While naming a speaker", label: "Save the name", keys: ["Enter"], isLocal: true },
  { id: "edit.discard", group: "While naming a speaker", label: "Discard the change", keys: ["Escape"], isLocal: true },
  { id: "library.search", group: "Library", label: "Search", keys: ["/"] },
  { id: "search.next", group: "Search", label: "Next moment; Enter opens it", keys: ["ArrowDown", "J"], repeats: true },
  { id: "search.previous", group: "Search", label: "Previous moment", keys: ["ArrowUp", "K"], repeats: true },
  { id: "search.play", group: "Search", label: "Play the moment, or pause it", keys: ["P"] },
  { id: "library.next", group: "Library", label: "Next recording", keys: ["J"], repeats: true },
  { id: "library.previous", group: "Library", label: "Previous recording", keys: ["K"], repeats: true },
  { id: "library.arrows", group: "Library", label: "From a recording: the next or the previous one", keys: ["ArrowDown", "ArrowUp"], isLocal: true },
  { id: "library.open", group: "Library", label: "Open the recording", keys: ["Enter"], isLocal: true },
  { id: "library.select", group: "Library", label: "Select the recording or clear it", keys: ["X"] },
  { id: "library.range", group: "Library", label: "Select up to here", keys: ["Shift X"] },
  { id: "library.clear", group: "Library", label: "Clear the selection; then leave the list", keys: ["Escape"] },
  { id: "library.upload", group: "Library", label: "Upload", keys: ["U"] },
  { id: "team.switch", group: "General", label: "Switch team", keys: ["W"] },
  { id: "team.choose", group: "General", label: "In the menu of teams: choose one", keys: ["1 … 9"], isLocal: true },
  { id: "undo", group: "General", label: "Undo", keys: ["Z", "Ctrl Z"] },
  { id: "help", group: "General", label: "Show keyboard shortcuts", keys: ["?"] },
];

const SINGLE_KEYS = "verbatim-single-keys";
// In a check box no one types.
const FIELDS = "input:not([type=checkbox]), select, textarea, [contenteditable]";
// What these do with Space is their own.
const PRESSED_BY_SPACE = "button, a, summary, [type=checkbox]";

// How long the second of two keys is waited for.
const SEQUENCE_MS = 1_500;
// What writes nothing and moves no caret: control combinations, function and media keys.
const WRITES_NOTHING = /^(Ctrl |Alt )|^(Shift )?F\d+$|^Media|^Escape$/;

const bindings = new Set();
let keysById = new Map();
let sequence = { first: "", since: 0 };

// Replaces the keys of the table by those of a person (`keys/presets.js`).
export function useKeys(keys) {
  keysById = keys;
}

export const keysOf = (hotkey) => keysById.get(hotkey.id) ?? hotkey.keys;

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

const isSingleCharacter = (keys) => keys.split(", ").every((one) => [...one].length === 1);

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

// With AltGr people type characters, although the browser reports Ctrl and Alt.
const writesNothing = (event, keys) => WRITES_NOTHING.test(keys) && !event.getModifierState?.("AltGraph");

function isElsewhere(event, hotkey, keys) {
  if (event.defaultPrevented || event.isComposing || (event.repeat && !hotkey.repeats)) return true;
  if (isTyping(event.target) && !(hotkey.inText && writesNothing(event, keys))) return true;
  if (keys === "Space" && event.target.closest?.(PRESSED_BY_SPACE)) return true;
  return isSingleCharacter(keys) && !singleKeysWork();
}

const find = (matches) => HOTKEYS.find((one) => !one.isLocal && keysOf(one).some(matches) && actionOf(one.id));

// Notes the first of two keys. Returns whether there is a shortcut that begins with it.
function begin(event, keys, now) {
  const hotkey = find((key) => key.startsWith(`${keys}, `));
  if (!hotkey || isElsewhere(event, hotkey, `${keys}, ${keys}`)) return false;
  sequence = { first: keys, since: now };
  return true;
}

// Acts on a pressed key. A dialog has the keyboard to itself.
export function press(event, now = performance.now()) {
  if (document.querySelector("dialog[open]")) return;
  const last = combination(event);
  const keys = sequence.first && now - sequence.since < SEQUENCE_MS ? `${sequence.first}, ${last}` : last;
  sequence = { first: "", since: 0 };
  const hotkey = find((key) => key === keys);
  if (!hotkey) return void (begin(event, last, now) && event.preventDefault());
  if (isElsewhere(event, hotkey, keys)) return;
  event.preventDefault();
  actionOf(hotkey.id)();
}

// Does what a shortcut does, as a pedal or a media key asks for it.
export const act = (id) => actionOf(id)?.();

export function watchHotkeys() {
  document.addEventListener("keydown", (event) => press(event));
}
