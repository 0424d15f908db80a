// Foot pedals by WebHID: each button of a device does what the person chose. Pedals that act as keyboards need nothing here:
// their keys are shortcuts like others.
import { act } from "../hotkeys.js";

// Plays while the pedal is held down, as transcribers are used to.
export const HOLD = "playback.hold";

const hex = (number) => number.toString(16).padStart(4, "0");
export const deviceKey = ({ vendorId, productId }) => `${hex(vendorId)}:${hex(productId)}`;

// Compares two reports of a device. A button is named by its byte and its bit: "0.1".
export function changedButtons(before, now) {
  const down = [];
  const up = [];
  for (const [byte, value] of [...now].entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      const was = ((before[byte] ?? 0) >> bit) & 1;
      const is = (value >> bit) & 1;
      if (is && !was) down.push(`${byte}.${bit}`);
      if (was && !is) up.push(`${byte}.${bit}`);
    }
  }
  return { down, up };
}

// Listens to a device. Returns what ends it. `onButton(button, isDown)` is called for each change.
export async function listenTo(device, onButton) {
  const reports = new Map();
  const reported = ({ reportId, data }) => {
    const now = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const { down, up } = changedButtons(reports.get(reportId) ?? [], now);
    reports.set(reportId, now.slice());
    down.forEach((button) => onButton(button, true));
    up.forEach((button) => onButton(button, false));
  };
  device.addEventListener("inputreport", reported);
  if (!device.opened) await device.open();
  return () => device.removeEventListener("inputreport", reported);
}

// Connects the pedals that this browser may use already. Returns what ends it.
export function createPedals({ settings, player, hid = navigator.hid }) {
  const stops = new Map();
  let isOver = false;
  if (!hid) return () => {};

  function pressed(device, button, isDown) {
    if (document.querySelector("dialog[open]")) return;
    const id = settings.get("pedals")?.[deviceKey(device)]?.[button];
    if (id === HOLD) return isDown ? player.resume() : player.pause();
    if (id && isDown) act(id);
  }

  async function connect(device) {
    if (stops.has(device)) return;
    stops.set(device, () => {});
    // A device that another program holds can't be opened; the dialog of pedals says so.
    const stop = await listenTo(device, (button, isDown) => pressed(device, button, isDown)).catch(() => null);
    if (!stop || isOver) stop?.();
    if (stop) stops.set(device, stop);
    else stops.delete(device);
  }

  const connectKnown = () => hid.getDevices().then((devices) => devices.forEach(connect));
  const connected = ({ device }) => connect(device);
  const disconnected = ({ device }) => { stops.get(device)?.(); stops.delete(device); };
  hid.addEventListener("connect", connected);
  hid.addEventListener("disconnect", disconnected);
  addEventListener("pedals-chosen", connectKnown);
  connectKnown();
  return () => {
    isOver = true;
    hid.removeEventListener("connect", connected);
    hid.removeEventListener("disconnect", disconnected);
    removeEventListener("pedals-chosen", connectKnown);
    stops.forEach((stop) => stop());
  };
}
