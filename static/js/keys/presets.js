// Which keys a shortcut has: a person's own, else those of the preset, else those of the table.

// Keys that people have in their fingers from other programs. What a preset doesn't name keeps its keys.
export const PRESETS = [
  { id: "verbatim", label: "Verbatim", keys: {} },
  {
    id: "otranscribe",
    label: "oTranscribe",
    keys: {
      "playback.toggle": ["Escape", "Ctrl Space"], "playback.back": ["F1"], "playback.forward": ["F2"],
      "playback.slower": ["F3"], "playback.faster": ["F4"], "text.time": ["Ctrl J"],
    },
  },
  {
    id: "express_scribe",
    label: "Express Scribe",
    keys: {
      "playback.toggle": ["F9", "F4"], "playback.back": ["F7"], "playback.forward": ["F8"],
      "playback.slower": ["F2"], "playback.faster": ["F3"], "playback.normal": ["F10"],
    },
  },
  {
    id: "descript",
    label: "Descript",
    keys: { "playback.toggle": ["Space", "Ctrl Space"], "playback.back": ["Alt ArrowLeft"], "playback.forward": ["Alt ArrowRight"], "text.split": ["Ctrl R"] },
  },
];

const AREAS_OF_PAGES = [["playback", "text", "panel", "doubts", "comments"], ["live", "edit"], ["library"]];
const areaOf = (id) => (id.includes(".") ? id.split(".")[0] : "");

// Tells whether two shortcuts can be on the same page: those without an area are on each.
export function shareAPage(one, other) {
  const areas = [areaOf(one), areaOf(other)];
  return areas.includes("") || AREAS_OF_PAGES.some((page) => areas.every((area) => page.includes(area)));
}

// Returns the keys by shortcut. A key that a person or a preset gives to one shortcut is taken from the others of its page.
export function resolve(hotkeys, { preset = "verbatim", own = {} } = {}) {
  const ofPreset = PRESETS.find(({ id }) => id === preset)?.keys ?? {};
  const layers = [own, ofPreset, Object.fromEntries(hotkeys.map(({ id, keys }) => [id, keys]))];
  const locals = new Set(hotkeys.filter(({ isLocal }) => isLocal).map(({ id }) => id));
  const resolved = new Map();
  for (const [depth, layer] of layers.entries()) {
    for (const { id, isLocal } of hotkeys) {
      if (resolved.has(id) || !(id in layer)) continue;
      // What a field handles itself takes nothing from the others: they act outside of it.
      const isTaken = (key) => !isLocal && [...resolved].some(([other, keys]) => !locals.has(other) && keys.includes(key) && shareAPage(id, other));
      resolved.set(id, depth === 0 ? layer[id] : layer[id].filter((key) => !isTaken(key)));
    }
  }
  return new Map(hotkeys.map(({ id }) => [id, resolved.get(id)]));
}

// Returns the shortcuts of the same page that have one of these keys now.
export function clashes(hotkeys, keysOf, id, keys) {
  return hotkeys.filter((other) => other.id !== id && !other.isLocal && shareAPage(id, other.id) && keysOf(other).some((key) => keys.includes(key)));
}
