// Changes the keys of shortcuts in the list of them: a button a shortcut learns what is pressed next, and warns of clashes.
import { preferences } from "../account/preferences.js";
import { combination, HOTKEYS, keysOf } from "../hotkeys.js";
import { assign } from "./own_keys.js";
import { clashes, PRESETS } from "./presets.js";

const MODIFIERS = ["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"];
// These leave or move within the dialog, so they can't be learnt.
const KEPT = ["Escape", "Tab", "Shift Tab"];

// `redraw()` shows the list again; `label(key)` is how the keyboard labels a key.
export function createKeyEditor(dialog, { redraw, label, settings = preferences() }) {
  const part = (name) => dialog.querySelector(`[data-keys-${name}]`);
  let learning = null;
  let offered = null;

  const own = () => settings.get("own_keys") ?? {};
  const say = (text) => { part("message").textContent = text; };
  const buttonOf = (id) => dialog.querySelector(`[data-learn="${id}"]`);

  function store(keys, id) {
    settings.set("own_keys", keys);
    stop();
    redraw();
    (buttonOf(id) ?? part("edit")).focus();
  }

  function stop() {
    learning = offered = null;
    part("clash").hidden = true;
  }

  function learn(id) {
    stop();
    learning = id;
    const button = buttonOf(id);
    button.textContent = "Press the keys …";
    say(`Press the new keys of “${HOTKEYS.find((one) => one.id === id).label}”, or Escape to leave them.`);
  }

  function offer(id, key, others) {
    learning = null;
    offered = { id, key };
    redraw();
    say(`${label(key)} is already used for “${others.map((one) => one.label).join("”, “")}”.`);
    part("clash").hidden = false;
    part("take").focus();
  }

  function taken(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.isComposing || MODIFIERS.includes(event.key)) return;
    const key = combination(event);
    const id = learning;
    if (KEPT.includes(key)) return cancel(id);
    const others = clashes(HOTKEYS, keysOf, id, [key]);
    if (others.length) return offer(id, key, others);
    say(`${label(key)} is set.`);
    store(assign(own(), id, key), id);
  }

  function cancel(id) {
    stop();
    say("");
    redraw();
    buttonOf(id)?.focus();
  }

  function take() {
    const { id, key } = offered;
    say(`${label(key)} is set.`);
    store(assign(own(), id, key), id);
  }

  function resetAll() {
    say("All keys are as the preset has them.");
    store({}, null);
  }

  const preset = part("preset");
  preset.replaceChildren(...PRESETS.map(({ id, label: name }) => new Option(name, id)));
  preset.addEventListener("change", () => { settings.set("key_preset", preset.value); redraw(); });
  part("take").addEventListener("click", take);
  part("leave").addEventListener("click", () => cancel(offered.id));
  part("reset").addEventListener("click", resetAll);
  part("edit").addEventListener("click", () => { stop(); say(""); dialog.toggleAttribute("data-editing-keys"); redraw(); });
  dialog.addEventListener("keydown", (event) => learning && taken(event), true);
  dialog.addEventListener("click", (event) => {
    const id = event.target.closest("[data-learn]")?.dataset.learn;
    if (id) learn(id);
  });
  dialog.addEventListener("cancel", (event) => learning && event.preventDefault());
  dialog.addEventListener("close", () => { stop(); say(""); dialog.removeAttribute("data-editing-keys"); });

  return {
    get isEditing() { return dialog.hasAttribute("data-editing-keys"); },
    draw() {
      preset.value = settings.get("key_preset") ?? "verbatim";
      part("edit").setAttribute("aria-pressed", String(dialog.hasAttribute("data-editing-keys")));
      part("reset").hidden = !Object.keys(own()).length;
    },
  };
}
