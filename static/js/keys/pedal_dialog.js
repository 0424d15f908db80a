// The dialog in which a person connects a foot pedal and chooses what each of its buttons does.
import { preferences } from "../account/preferences.js";
import { HOTKEYS } from "../hotkeys.js";
import { deviceKey, HOLD, listenTo } from "./pedals.js";

const OFFERED = ["playback.toggle", "playback.back", "playback.forward", "playback.back10", "playback.forward10", "playback.loop", "text.time"];
const actions = () => [
  ["", "Nothing"],
  [HOLD, "Play while held down"],
  ...HOTKEYS.filter(({ id }) => OFFERED.includes(id)).map(({ id, label }) => [id, label]),
];

export function pedalDialog(dialog, { settings = preferences(), hid = navigator.hid } = {}) {
  const part = (name) => dialog.querySelector(`[data-pedals-${name}]`);
  const stops = new Map();
  let origin = null;

  const say = (text) => { part("message").textContent = text; };
  const stored = () => settings.get("pedals") ?? {};

  function choose(device, button, id) {
    const others = Object.entries(stored()[device] ?? {}).filter(([name]) => name !== button);
    settings.set("pedals", { ...stored(), [device]: Object.fromEntries(id ? [...others, [button, id]] : others) });
  }

  function row(device, button) {
    const line = document.createElement("li");
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.textContent = `Pedal ${button}`;
    select.append(...actions().map(([id, name]) => new Option(name, id, false, stored()[device]?.[button] === id)));
    select.addEventListener("change", () => choose(device, button, select.value));
    label.append(" ", select);
    line.dataset.pedal = `${device} ${button}`;
    line.append(label);
    return line;
  }

  const shown = (device, button) => part("list").querySelector(`[data-pedal="${device} ${button}"]`);

  function learnt(device, button, isDown) {
    if (!isDown) return;
    if (!shown(device, button)) part("list").append(row(device, button));
    shown(device, button).querySelector("select").focus();
    say("Choose what this pedal does.");
  }

  async function listen(device) {
    const key = deviceKey(device);
    if (stops.has(device)) return;
    try {
      stops.set(device, await listenTo(device, (button, isDown) => learnt(key, button, isDown)));
      say("Press a pedal.");
    } catch {
      say("The pedal can't be opened. Close other programs that use it, then connect it again.");
    }
  }

  async function connect() {
    const devices = await hid.requestDevice({ filters: [] }).catch(() => []);
    if (!devices.length) return say("No pedal was chosen.");
    await Promise.all(devices.map(listen));
    dispatchEvent(new Event("pedals-chosen"));
  }

  async function open(event) {
    const opener = event.target.closest("[data-pedals-open]");
    if (!opener) return;
    const menu = opener.closest("details");
    if (menu) menu.open = false;
    origin = menu?.querySelector("summary") ?? opener;
    const known = Object.entries(stored()).flatMap(([device, buttons]) => Object.keys(buttons).map((button) => row(device, button)));
    part("list").replaceChildren(...known);
    part("connect").hidden = !hid;
    say(hid ? "" : "This browser can't talk to pedals. A pedal that acts as a keyboard works: give its keys to shortcuts.");
    dialog.showModal();
    if (hid) await Promise.all((await hid.getDevices()).map(listen));
  }

  function closed() {
    stops.forEach((stop) => stop());
    stops.clear();
    origin?.focus({ preventScroll: true });
  }

  part("connect").addEventListener("click", connect);
  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", closed);
  document.addEventListener("click", open);
  return () => document.removeEventListener("click", open);
}
