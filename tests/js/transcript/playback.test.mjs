// What playback decides without a browser: speeds, spans, typing, positions, pedals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changedButtons, createPedals, deviceKey } from "../../../static/js/keys/pedals.js";
import { continueAt, createPositionStore } from "../../../static/js/transcript/playback/position.js";
import { createSpan } from "../../../static/js/transcript/playback/span.js";
import { slowed, stepped } from "../../../static/js/transcript/playback/speeds.js";
import { changesText, createTypingPause } from "../../../static/js/transcript/playback/typing.js";
import { Clock, turn } from "../support.mjs";

class Player {
  isPlaying = false;
  isSlow = false;
  nowMs = 0;
  acts = [];
  pause = () => { this.isPlaying = false; this.acts.push("pause"); };
  resume = () => { this.isPlaying = true; this.acts.push("resume"); };
  slow = (isSlow) => { this.isSlow = isSlow; };
}

test("speeds are steps from a half to three", () => {
  assert.deepEqual([stepped(1, 1), stepped(1, -1), stepped(3, 1), stepped(0.5, -1), stepped(1.3, 0)], [1.25, 0.75, 3, 0.5, 1.25]);
  assert.deepEqual([slowed(2), slowed(0.5)], [1.2, 0.5]);
});

test("a loop returns to its beginning, another span pauses at its end", () => {
  const span = createSpan();
  span.set(1_000, 2_000, { loops: true });
  assert.deepEqual([span.due(1_500), span.due(2_000), span.due(2_010)], [null, 1_000, 1_000]);
  span.set(1_000, 2_000);
  assert.deepEqual([span.due(2_000), span.due(2_010)], ["pause", null]);
});

test("a position outside ends a loop, one inside doesn't", () => {
  const span = createSpan();
  span.set(1_000, 2_000, { loops: true });
  span.leave(1_400);
  assert.ok(span.isLooping);
  span.leave(4_000);
  assert.ok(!span.isLooping);
  span.set(5, 5, { loops: true });
  assert.ok(!span.isLooping);
});

function typist(mode) {
  const clock = new Clock();
  const player = new Player();
  player.isPlaying = true;
  return { clock, player, ...createTypingPause({ player, mode: () => mode, ...clock }) };
}

test("playback pauses while the person types, and continues once they rest", async () => {
  const { clock, player, typed } = typist("pause");
  typed();
  await clock.pass(900);
  typed();
  await clock.pass(900);
  assert.deepEqual(player.acts, ["pause"]);
  await clock.pass(200);
  assert.deepEqual(player.acts, ["pause", "resume"]);
});

test("what the person paused stays paused while they type", async () => {
  const { clock, player, typed } = typist("pause");
  player.isPlaying = false;
  typed();
  await clock.pass(5_000);
  assert.deepEqual(player.acts, []);
});

test("playback is slower while the person types, if they want it so", async () => {
  const { clock, player, typed } = typist("slow");
  typed();
  assert.ok(player.isSlow);
  await clock.pass(1_100);
  assert.ok(!player.isSlow);
  assert.deepEqual(player.acts, []);
});

test("keys that move the caret are no typing", () => {
  const keys = [{ key: "a" }, { key: "Backspace" }, { key: "😀" }, { key: "ArrowLeft" }, { key: "F9" }, { key: "c", ctrlKey: true }];
  assert.deepEqual(keys.map(changesText), [true, true, true, false, false, false]);
});

test("playback continues where it was, but not at the very beginning or end", () => {
  assert.deepEqual([continueAt(1_000, 60_000), continueAt(30_000, 60_000), continueAt(59_500, 60_000)], [0, 30_000, 0]);
});

test("the position is stored at a pause, every so often during playback, and when the page is left", () => {
  const player = new Player();
  const sent = [];
  let now = 0;
  const note = (kind) => (url, { position_ms }) => sent.push([kind, position_ms]);
  const store = createPositionStore({ url: "/", player, known: 500, send: note("post"), sendLast: note("beacon"), now: () => now });
  player.nowMs = 500;
  store.left();
  assert.deepEqual(sent, []);
  [player.isPlaying, player.nowMs, now] = [true, 9_000.4, 9_000];
  store.played();
  [player.nowMs, now] = [16_000, 16_000];
  store.played();
  player.nowMs = 17_000;
  store.paused();
  store.paused();
  player.nowMs = 18_000;
  store.left();
  assert.deepEqual(sent, [["post", 16_000], ["post", 17_000], ["beacon", 18_000]]);
});

test("a pedal is known by the bit that changed", () => {
  assert.deepEqual(changedButtons([], [0b101, 0]), { down: ["0.0", "0.2"], up: [] });
  assert.deepEqual(changedButtons([0b101, 0], [0b001, 0b1]), { down: ["1.0"], up: ["0.2"] });
  assert.equal(deviceKey({ vendorId: 0x05f3, productId: 0xff }), "05f3:00ff");
});

test("a pedal plays while it is held down", async () => {
  const listeners = {};
  const device = { vendorId: 1, productId: 2, opened: true, addEventListener: (name, act) => { listeners[name] = act; }, removeEventListener: () => {} };
  const hid = { getDevices: async () => [device], addEventListener: () => {}, removeEventListener: () => {} };
  globalThis.addEventListener = globalThis.removeEventListener = () => {};
  globalThis.document = { querySelector: () => null };
  const player = new Player();
  const stop = createPedals({ settings: { get: () => ({ "0001:0002": { "0.1": "playback.hold" } }) }, player, hid });
  await turn();
  const report = (...bytes) => listeners.inputreport({ reportId: 0, data: new DataView(Uint8Array.from(bytes).buffer) });
  report(0b10);
  report(0b10);
  report(0);
  stop();
  assert.deepEqual(player.acts, ["resume", "pause"]);
});
