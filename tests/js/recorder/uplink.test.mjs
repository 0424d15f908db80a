// The way to the server: who records is asked for by a press alone, and no frame is lost on the way.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { memorySpool } from "../../../static/js/recorder/transport/unsent_audio.js";
import { turn } from "../support.mjs";

const listeners = new Map();
globalThis.addEventListener = (name, act) => listeners.set(name, act);
globalThis.removeEventListener = (name) => listeners.delete(name);
globalThis.fetch = async () => ({ status: 503 });

let sockets;

class Socket {
  static OPEN = 1;
  readyState = 1;
  sent = [];
  #acts = {};
  constructor(url) {
    this.query = new URL(url, "ws://server").searchParams;
    sockets.push(this);
  }
  addEventListener(name, act) { this.#acts[name] = act; }
  send(data) { this.sent.push(data); }
  close() { this.readyState = 3; }
  says(message) { this.#acts.message({ data: JSON.stringify(message) }); }
  closes(code) { this.readyState = 3; this.#acts.close({ code }); }
  get frames() { return this.sent.filter((one) => typeof one !== "string").map((one) => new DataView(one.buffer).getUint32(0)); }
}
globalThis.WebSocket = Socket;

const { link } = await import("../../../static/js/recorder/transport/uplink.js");
let ways;

function opened({ kept = memorySpool() } = {}) {
  const states = [];
  const way = link({ url: "ws://server/ws/live/s/", page: "a1", kept, hear: () => {}, changed: (how) => states.push(how), last: () => 7 });
  way.begin(0, true);
  ways.push(way);
  return { way, states };
}

const frame = () => new ArrayBuffer(3200);
const now = () => sockets.at(-1);

beforeEach(() => {
  [sockets, ways] = [[], []];
});
afterEach(() => ways.forEach((way) => way.close()));

test("a page that is loaded, or back in the network, does not ask to record", async () => {
  const { way, states } = opened();
  way.open();
  assert.deepEqual([now().query.get("page"), now().query.get("take"), now().query.get("after")], ["a1", null, "7"]);
  now().says({ type: "hello", holds: false, frames: 0 });
  now().closes(1006);
  listeners.get("online")();
  assert.equal(now().query.get("take"), null);
  assert.deepEqual(states.filter((how) => how !== "connecting"), ["watching", "reconnecting"]);
});

test("a press asks until the server knows, and never again after that", async () => {
  const { way } = opened();
  way.open();
  way.take();
  assert.equal(now().query.get("take"), "1");
  now().closes(1006);
  listeners.get("online")();
  assert.equal(now().query.get("take"), "1");
  now().says({ type: "hello", holds: true, next: 0 });
  assert.ok(way.holds);
  now().closes(1012);
  listeners.get("online")();
  assert.equal(now().query.get("take"), null);
});

test("a page whose session another one took watches, and sends nothing", async () => {
  const { way, states } = opened();
  way.take();
  now().says({ type: "hello", holds: true, next: 0 });
  now().closes(4409);
  await way.push(frame());
  listeners.get("online")();
  now().says({ type: "hello", holds: false, frames: 12 });
  await turn();
  assert.deepEqual([states.at(-1), now().query.get("take"), now().frames], ["watching", null, []]);
  assert.equal(way.waiting, 1);
});

test("a sign-in that ended is tried once more, for the password may have changed", async () => {
  const { way, states } = opened();
  way.take();
  now().says({ type: "hello", holds: true, next: 0 });
  now().closes(4401);
  assert.equal(sockets.length, 2);
  now().says({ type: "hello", holds: true, next: 0 });
  now().closes(4401);
  now().closes(4401);
  assert.deepEqual([sockets.length, states.at(-1)], [3, "signed-out"]);
});

for (const [code, how] of [[4403, "view-only"], [4404, "over"], [4429, "refused"]]) {
  test(`a close with ${code} is "${how}", and nothing is tried again`, async () => {
    const { way, states } = opened();
    way.take();
    now().says({ type: "hello", holds: true, next: 0 });
    now().closes(code);
    await turn();
    assert.deepEqual([states.at(-1), sockets.length], [how, 1]);
  });
}

test("frames are sent in their order from where the server is, and kept until it has them", async () => {
  const kept = memorySpool();
  const { way } = opened({ kept });
  for (let number = 0; number < 3; number++) await way.push(frame());
  way.take();
  now().says({ type: "hello", holds: true, next: 1 });
  await turn();
  assert.deepEqual(now().frames, [1, 2]);
  now().says({ type: "ack", next: 3, synced: 0 });
  assert.equal((await kept.all()).length, 3);
  now().says({ type: "ack", next: 3, synced: 3 });
  assert.deepEqual([(await kept.all()).length, await kept.end()], [1, 3]);
});

test("audio that another browser recorded is counted before this one's", async () => {
  const { way } = opened();
  way.open();
  now().says({ type: "hello", holds: false, frames: 40 });
  way.take();
  await way.push(frame());
  now().says({ type: "hello", holds: true, next: 45 });
  await turn();
  assert.deepEqual(now().frames, [45]);
});

test("the end is asked for once the server has every frame", async () => {
  const { way } = opened();
  await way.push(frame());
  way.stop();
  now().says({ type: "hello", holds: true, next: 0 });
  await turn();
  assert.deepEqual(now().sent.filter((one) => typeof one === "string"), []);
  now().says({ type: "ack", next: 1, synced: 0 });
  assert.deepEqual(now().sent.filter((one) => typeof one === "string").map((one) => JSON.parse(one).type), ["stop"]);
});
