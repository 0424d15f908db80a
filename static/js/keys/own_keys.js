// A person's own keys and their preset, applied to the table and stored with their settings.
import { preferences } from "../account/preferences.js";
import { HOTKEYS, useKeys } from "../hotkeys.js";
import { resolve, shareAPage } from "./presets.js";

// Returns the own keys with this key for this shortcut, and for no other of its page.
export function assign(own, id, key) {
  const others = Object.entries(own).map(([other, keys]) => [other, shareAPage(id, other) ? keys.filter((one) => one !== key) : keys]);
  return { ...Object.fromEntries(others.filter(([, keys]) => keys.length)), [id]: [key] };
}

export function watchOwnKeys(settings = preferences()) {
  const apply = () => useKeys(resolve(HOTKEYS, { preset: settings.get("key_preset"), own: settings.get("own_keys") }));
  settings.subscribe((name) => ["key_preset", "own_keys"].includes(name) && apply());
  apply();
}
