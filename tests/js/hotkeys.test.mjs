// The table of shortcuts: each key has one meaning on a page, none acts while someone types, and the help lists what works.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { bindHotkeys, combination, HOTKEYS, listedHotkeys, press, setSingleKeys } from "../../static/js/hotkeys.js";
import { keyLabel } from "../../static/js/keys/hotkeys_help.js";
import { Storage } from "./support.mjs";

let page;

beforeEach(() => {
  page = { dialog: null, elements: {} };
  globalThis.localStorage = new Storage();
  globalThis.CSS = { escape: (text) => text };
  globalThis.document = {
    querySelector: (selector) => (selector === "dialog[open]" ? page.dialog : page.elements[selector.match(/="(.*)"/)[1]] ?? null),
  };
});

const inside = (...selectors) => ({ closest: (wanted) => selectors.some((one) => wanted.includes(one)) || null });
const pressed = (key, fields = {}) => ({
  key, target: inside(), defaultPrevented: false, preventDefault() { this.defaultPrevented = true; }, ...fields,
});

// Presses keys with an action bound to a shortcut, and returns how often it acted.
function acts(id, ...events) {
  let count = 0;
  const release = bindHotkeys({ [id]: () => { count += 1; } });
  events.forEach(press);
  release();
  return count;
}

test("a key is written with its modifiers as the table has it", () => {
  const cases = [
    [{ key: " " }, "Space"], [{ key: "m" }, "M"], [{ key: "M" }, "M"], [{ key: "M", shiftKey: true }, "Shift M"],
    [{ key: "z", metaKey: true }, "Ctrl Z"], [{ key: "?", shiftKey: true }, "?"], [{ key: "ArrowUp", altKey: true }, "Alt ArrowUp"],
    [{ key: "ArrowLeft", shiftKey: true }, "Shift ArrowLeft"],
  ];
  for (const [event, written] of cases) assert.equal(combination(event), written);
});

test("a shortcut acts while it is bound, and only then", () => {
  assert.equal(acts("live.mark", pressed("m"), pressed("M")), 2);
  press(pressed("m"));
  assert.equal(acts("live.mark", pressed("m", { ctrlKey: true }), pressed("n")), 0);
});

test("no shortcut acts in a field, during composition, in a dialog, or on what a module handled", () => {
  for (const field of ["input", "select", "textarea", "[contenteditable]"]) assert.equal(acts("live.mark", pressed("m", { target: inside(field) })), 0);
  assert.equal(acts("live.mark", pressed("m", { isComposing: true }), pressed("m", { defaultPrevented: true })), 0);
  page.dialog = {};
  assert.equal(acts("live.mark", pressed("m")), 0);
});

test("space on a button presses the button", () => {
  assert.equal(acts("playback.toggle", pressed(" ", { target: inside("button") })), 0);
  assert.equal(acts("playback.toggle", pressed(" ")), 1);
});

test("single keys can be switched off, others still work", () => {
  setSingleKeys(false);
  assert.equal(acts("undo", pressed("z")), 0);
  assert.equal(acts("undo", pressed("z", { ctrlKey: true })), 1);
  setSingleKeys(true);
  assert.equal(acts("undo", pressed("z")), 1);
});

test("an element that names a shortcut is focused if it is a field, else clicked", () => {
  const used = [];
  page.elements["library.search"] = { matches: () => true, focus: () => used.push("focus"), select: () => used.push("select") };
  page.elements.undo = { matches: () => false, click: () => used.push("click") };
  press(pressed("/"));
  press(pressed("z"));
  assert.deepEqual(used, ["focus", "select", "click"]);
});

test("the help lists what works on the page, by group and in the order of the table", () => {
  page.elements["library.search"] = {};
  const release = bindHotkeys({ "live.note": () => {}, "live.mark": () => {} });
  const hidden = bindHotkeys({ "playback.toggle": () => {} }, { isListed: false });
  const ids = [...listedHotkeys()].map(([group, hotkeys]) => [group, hotkeys.map(({ id }) => id)]);
  release();
  hidden();
  assert.deepEqual(ids, [["Live session", ["live.mark", "live.note"]], ["Library", ["library.search"]]]);
});

test("a shortcut that the table does not have can't be bound", () => {
  assert.throws(() => bindHotkeys({ "live.fly": () => {} }));
});

test("no combination has two meanings on one page, and no id two rows", () => {
  const pages = [["playback", "edit", "general"], ["live", "edit", "general"], ["library", "general"]];
  const areaOf = ({ id }) => (id.includes(".") ? id.split(".")[0] : "general");
  for (const areas of pages) {
    const keys = HOTKEYS.filter((hotkey) => areas.includes(areaOf(hotkey))).flatMap((hotkey) => hotkey.keys);
    assert.equal(new Set(keys).size, keys.length);
  }
  assert.equal(new Set(HOTKEYS.map(({ id }) => id)).size, HOTKEYS.length);
});

test("keys are labelled as the keyboard of the system is", () => {
  assert.deepEqual([keyLabel("Ctrl Z", false), keyLabel("Ctrl Z", true), keyLabel("Alt ArrowUp", false)], ["Ctrl Z", "⌘ Z", "Alt ↑"]);
});
