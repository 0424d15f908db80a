// Presets and own keys: what wins, what is taken from whom, and what acts while someone types.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { bindHotkeys, HOTKEYS, keysOf, press, useKeys } from "../../../static/js/hotkeys.js";
import { assign } from "../../../static/js/keys/own_keys.js";
import { clashes, PRESETS, resolve, shareAPage } from "../../../static/js/keys/presets.js";
import { Storage } from "../support.mjs";

const inside = (...selectors) => ({ closest: (wanted) => selectors.some((one) => wanted.includes(one)) || null });
const TEXT = inside("[contenteditable]");
const pressed = (key, fields = {}) => ({ key, target: inside(), defaultPrevented: false, preventDefault() { this.defaultPrevented = true; }, ...fields });

beforeEach(() => {
  globalThis.localStorage = new Storage();
  globalThis.CSS = { escape: (text) => text };
  globalThis.document = { querySelector: () => null };
  useKeys(new Map());
});

function acts(id, ...events) {
  let count = 0;
  const release = bindHotkeys({ [id]: () => { count += 1; } });
  events.forEach((event) => press(event, event.at ?? 0));
  release();
  return count;
}

test("keys that write nothing act while someone types, others don't", () => {
  const acting = [["F9"], [" ", { ctrlKey: true }], ["MediaPlayPause"]];
  for (const [key, fields] of acting) assert.equal(acts("playback.toggle", pressed(key, { target: TEXT, ...fields })), 1, key);
  assert.equal(acts("playback.toggle", pressed(" ", { target: TEXT })), 0);
  assert.equal(acts("playback.back", pressed("ArrowLeft", { target: TEXT })), 0);
  assert.equal(acts("undo", pressed("z", { target: TEXT, ctrlKey: true })), 0);
});

test("a character typed with AltGr is no shortcut", () => {
  const event = { target: TEXT, ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" };
  useKeys(new Map([["playback.toggle", ["Ctrl Alt Q"]]]));
  assert.equal(acts("playback.toggle", pressed("q", event)), 0);
  assert.equal(acts("playback.toggle", pressed("q", { ...event, getModifierState: () => false })), 1);
});

test("a held key acts again only if its shortcut repeats", () => {
  assert.equal(acts("playback.toggle", pressed(" "), pressed(" ", { repeat: true })), 1);
  assert.equal(acts("playback.back", pressed("ArrowLeft"), pressed("ArrowLeft", { repeat: true })), 2);
});

test("two keys one after the other are one shortcut, if they follow soon", () => {
  assert.equal(acts("panel.speakers", pressed("g"), pressed("s", { at: 400 })), 1);
  assert.equal(acts("panel.speakers", pressed("g"), pressed("s", { at: 4_000 })), 0);
  assert.equal(acts("panel.speakers", pressed("g"), pressed("x"), pressed("s")), 0);
  assert.equal(acts("panel.speakers", pressed("g", { target: TEXT }), pressed("s")), 0);
});

test("own keys win over the preset, and the preset over the table", () => {
  const keys = resolve(HOTKEYS, { preset: "otranscribe", own: { "playback.back": ["F6"] } });
  assert.deepEqual(keys.get("playback.back"), ["F6"]);
  assert.deepEqual(keys.get("playback.toggle"), ["Escape", "Ctrl Space"]);
  assert.deepEqual(keys.get("playback.loop"), ["O"]);
});

test("a key that moves to one shortcut is taken from the others of its page, not from those of other pages", () => {
  const keys = resolve(HOTKEYS, { own: { "playback.loop": ["L"], "playback.faster": ["M"] } });
  assert.deepEqual(keys.get("playback.follow"), []);
  assert.deepEqual(keys.get("live.mark"), ["M"]);
});

test("a key that a field handles keeps its meaning outside of the field", () => {
  assert.deepEqual(resolve(HOTKEYS).get("undo"), ["Z", "Ctrl Z"]);
});

test("no key has two meanings on a page, whichever preset is chosen", () => {
  for (const { id: preset } of PRESETS) {
    const keys = resolve(HOTKEYS, { preset });
    const acting = HOTKEYS.filter(({ isLocal }) => !isLocal);
    for (const one of acting) {
      for (const other of acting.filter(({ id }) => id !== one.id && shareAPage(id, one.id))) {
        assert.deepEqual(keys.get(one.id).filter((key) => keys.get(other.id).includes(key)), [], `${preset}: ${one.id}, ${other.id}`);
      }
    }
  }
});

test("a preset names only shortcuts that there are", () => {
  const ids = new Set(HOTKEYS.map(({ id }) => id));
  for (const { keys } of PRESETS) for (const id of Object.keys(keys)) assert.ok(ids.has(id), id);
});

test("J and K are left to words", () => {
  const playback = HOTKEYS.filter(({ id }) => id.startsWith("playback.")).flatMap((hotkey) => keysOf(hotkey));
  assert.ok(!playback.includes("J") && !playback.includes("K"));
});

test("a learnt key belongs to one shortcut alone, and a clash names the other", () => {
  assert.deepEqual(clashes(HOTKEYS, keysOf, "playback.loop", ["L"]).map(({ id }) => id), ["playback.follow"]);
  const own = assign(assign({}, "playback.follow", "Q"), "playback.loop", "Q");
  assert.deepEqual(own, { "playback.loop": ["Q"] });
  assert.deepEqual(assign({ "live.mark": ["Q"] }, "playback.loop", "Q"), { "live.mark": ["Q"], "playback.loop": ["Q"] });
});
