// The uplink: only a person's press asks to record, and no frame is lost on the way.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { createMemoryStorage } from "../../../static/js/recorder/transport/unsent_audio.js";
import { createUplink } from "../../../static/js/recorder/transport/uplink.js";
import { Network, turn } from "../support.mjs";

let network, uplinks;

function created({ storage = createMemoryStorage() } = {}) {
  const states = [];
  const onState = (state) => states.push(state);
  const uplink = createUplink({ url: "ws://server/ws/live/s/", page: "a1", storage, onMessage: () => {}, onState, lastChange: () => 7 });
  uplink.countFrom(0, true);
  uplinks.push(uplink);
  return { uplink, states };
}

const frame = () => new ArrayBuffer(3200);

beforeEach(() => {
  network = new Network();
  uplinks = [];
});
afterEach(() => {
  uplinks.forEach((uplink) => uplink.close());
  mock.timers.reset();
});

test("a page that is loaded, or back in the network, does not ask to record", () => {
  const { uplink, states } = created();
  uplink.open();
  const { query } = network.last;
  assert.deepEqual([query.get("page"), query.get("take"), query.get("after")], ["a1", null, "7"]);
  network.last.says({ type: "hello", holds: false, frames: 0 });
  network.last.closes(1006);
  network.comesOnline();
  assert.equal(network.last.query.get("take"), null);
  assert.deepEqual(states.filter((state) => state !== "connecting"), ["watching", "reconnecting"]);
});

test("a press asks until the server knows, and never again after that", () => {
  const { uplink } = created();
  uplink.open();
  uplink.take();
  assert.equal(network.last.query.get("take"), "1");
  network.last.closes(1006);
  network.comesOnline();
  assert.equal(network.last.query.get("take"), "1");
  network.last.says({ type: "hello", holds: true, next: 0 });
  assert.ok(uplink.isHolder);
  network.last.closes(1012);
  network.comesOnline();
  assert.equal(network.last.query.get("take"), null);
});

test("a page whose session another one took watches, and sends nothing", async () => {
  const { uplink, states } = created();
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 0 });
  network.last.closes(4409);
  await uplink.push(frame());
  network.comesOnline();
  network.last.says({ type: "hello", holds: false, frames: 12 });
  await turn();
  assert.ok(states.includes("elsewhere"));
  assert.deepEqual([states.at(-1), network.last.query.get("take"), network.last.frames], ["watching", null, []]);
  assert.equal(uplink.unacknowledged, 1);
});

test("a missing sign-in is tried once more, for the password may have changed", () => {
  const { uplink, states } = created();
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 0 });
  network.last.closes(4401);
  assert.equal(network.sockets.length, 2);
  network.last.says({ type: "hello", holds: true, next: 0 });
  network.last.closes(4401);
  network.last.closes(4401);
  assert.deepEqual([network.sockets.length, states.at(-1)], [3, "signed-out"]);
});

for (const [code, state] of [[4403, "view-only"], [4404, "over"], [4429, "refused"]]) {
  test(`a close with ${code} is "${state}", and nothing is tried again`, async () => {
    const { uplink, states } = created();
    uplink.take();
    network.last.says({ type: "hello", holds: true, next: 0 });
    network.last.closes(code);
    network.comesOnline();
    await turn();
    assert.deepEqual([states.at(-1), network.sockets.length], [state, 1]);
  });
}

test("a press connects again after a permanent close", () => {
  const { uplink } = created();
  uplink.take();
  network.last.closes(4429);
  uplink.take();
  assert.deepEqual([network.sockets.length, network.last.query.get("take")], [2, "1"]);
});

test("frames are sent in their order from where the server is, and stored until it has them", async () => {
  const storage = createMemoryStorage();
  const { uplink } = created({ storage });
  for (let number = 0; number < 3; number++) await uplink.push(frame());
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 1 });
  await turn();
  assert.deepEqual(network.last.frames, [1, 2]);
  network.last.says({ type: "ack", next: 3, synced: 0 });
  assert.equal((await storage.all()).length, 3);
  network.last.says({ type: "ack", next: 3, synced: 3 });
  assert.deepEqual([(await storage.all()).length, await storage.end()], [1, 3]);
});

test("what was not acknowledged is sent again on the next connection", async () => {
  const { uplink } = created();
  for (let number = 0; number < 4; number++) await uplink.push(frame());
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 0 });
  await turn();
  network.last.closes(1006);
  network.comesOnline();
  network.last.says({ type: "hello", holds: true, next: 2 });
  await turn();
  assert.deepEqual(network.sockets.map((socket) => socket.frames), [[0, 1, 2, 3], [2, 3]]);
});

test("frames that the server asks for again are sent again", async () => {
  const { uplink } = created();
  for (let number = 0; number < 3; number++) await uplink.push(frame());
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 0 });
  await turn();
  network.last.says({ type: "again", next: 1 });
  await turn();
  assert.deepEqual(network.last.frames, [0, 1, 2, 1, 2]);
});

test("a server whose disk is full is tried again after a pause", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { uplink } = created();
  await uplink.push(frame());
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 0 });
  await turn();
  network.last.says({ type: "full", next: 0 });
  await turn();
  assert.deepEqual(network.last.frames, [0]);
  mock.timers.tick(3_000);
  await turn();
  assert.deepEqual(network.last.frames, [0, 0]);
});

test("a connection without an acknowledgement in time is given up", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { uplink, states } = created();
  await uplink.push(frame());
  uplink.take();
  network.last.says({ type: "hello", holds: true, next: 0 });
  await turn();
  mock.timers.tick(5_000);
  assert.deepEqual([states.at(-1), uplink.isHolder, uplink.unacknowledged], ["reconnecting", false, 1]);
});

test("while audio waits, a healthy server is connected to without waiting for the backoff", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { uplink } = created();
  await uplink.push(frame());
  uplink.take();
  for (let failure = 0; failure < 6; failure++) {
    network.last.closes(1006);
    mock.timers.tick(20_000);
    await turn();
  }
  network.last.closes(1006);
  const before = network.sockets.length;
  globalThis.fetch = async () => ({ status: 200 });
  mock.timers.tick(1_300);
  await turn();
  assert.equal(network.sockets.length, before + 1);
});

test("audio that another browser recorded is counted before this one's", async () => {
  const { uplink } = created();
  uplink.open();
  network.last.says({ type: "hello", holds: false, frames: 40 });
  uplink.take();
  await uplink.push(frame());
  network.last.says({ type: "hello", holds: true, next: 45 });
  await turn();
  assert.deepEqual(network.last.frames, [45]);
});

test("the end is asked for once the server has every frame", async () => {
  const { uplink } = created();
  await uplink.push(frame());
  uplink.stop();
  network.last.says({ type: "hello", holds: true, next: 0 });
  await turn();
  assert.deepEqual(network.last.messages, []);
  network.last.says({ type: "ack", next: 1, synced: 0 });
  assert.deepEqual(network.last.messages, [{ type: "stop" }]);
});

test("nothing connects after the uplink was closed", () => {
  const { uplink } = created();
  uplink.open();
  uplink.close();
  uplink.take();
  network.comesOnline();
  assert.equal(network.sockets.length, 1);
});
