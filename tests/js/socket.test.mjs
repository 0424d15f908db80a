// The reconnecting socket: its states, its backoff, and the close codes that end it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { CLOSED, CONNECTING, createSocket, OPEN, WAITING } from "../../static/js/socket.js";
import { Network } from "./support.mjs";

let network, socket, states, received;

function opened(options = {}) {
  [states, received] = [[], []];
  socket = createSocket({
    url: () => `ws://server/?attempt=${network.sockets.length}`,
    onMessage: (message) => received.push(message),
    onState: (state, detail) => states.push({ state, ...detail }),
    ...options,
  });
  socket.open();
  return socket;
}

const names = () => states.map(({ state }) => state);

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  network = new Network();
});
afterEach(() => {
  socket.close();
  mock.timers.reset();
});

test("only a message proves that a connection is open", () => {
  opened();
  assert.deepEqual(names(), [CONNECTING]);
  network.last.says({ type: "hello" });
  network.last.says({ type: "more" });
  assert.deepEqual([names(), received.length], [[CONNECTING, OPEN], 2]);
});

test("a server that is slow to answer is given longer each time, until it does", () => {
  opened();
  for (const patienceMs of [10_000, 20_000, 40_000, 40_000]) {
    mock.timers.tick(patienceMs - 1);
    assert.equal(socket.state, CONNECTING);
    mock.timers.tick(1);
    assert.equal(socket.state, WAITING);
    mock.timers.tick(states.at(-1).delayMs);
  }
  network.last.says({});
  network.last.closes(1006);
  mock.timers.tick(states.at(-1).delayMs);
  mock.timers.tick(10_000);
  assert.equal(socket.state, WAITING);
});

test("a lost connection waits and connects again, with a new address", () => {
  opened();
  network.last.says({});
  network.last.closes(1006);
  assert.deepEqual([names(), network.sockets.length], [[CONNECTING, OPEN, WAITING], 1]);
  mock.timers.tick(states.at(-1).delayMs + 1);
  assert.deepEqual([socket.state, network.last.query.get("attempt")], [CONNECTING, "1"]);
});

test("the delay doubles while nothing answers, and starts over after a message", () => {
  opened();
  const delays = [];
  for (let failure = 0; failure < 8; failure++) {
    network.last.closes(1006);
    delays.push(states.at(-1).delayMs);
    mock.timers.tick(20_000);
  }
  const bounds = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
  delays.forEach((delay, at) => assert.ok(delay >= bounds[at] * 0.75 && delay <= bounds[at] * 1.25, `${delay}`));
  network.last.says({});
  network.last.closes(1006);
  assert.ok(states.at(-1).delayMs <= 625);
});

test("a permanent code closes it until someone opens it again", () => {
  opened({ permanent: [4404] });
  network.last.closes(4404);
  mock.timers.tick(60_000);
  network.comesOnline();
  assert.deepEqual([socket.state, states.at(-1).code, network.sockets.length], [CLOSED, 4404, 1]);
  socket.open();
  assert.equal(network.sockets.length, 2);
});

test("the first missing sign-in is tried again immediately, the second in a row is reported", () => {
  opened();
  network.last.closes(4401);
  assert.deepEqual([socket.state, network.sockets.length], [CONNECTING, 2]);
  network.last.closes(4401);
  assert.deepEqual([socket.state, states.at(-1).refusals], [WAITING, 2]);
});

test("a message in between makes a missing sign-in the first again", () => {
  opened();
  network.last.closes(4401);
  network.last.says({});
  network.last.closes(4401);
  assert.equal(socket.state, CONNECTING);
});

test("a network that is back ends the waiting", () => {
  opened();
  network.last.closes(1006);
  network.comesOnline();
  assert.deepEqual([socket.state, network.sockets.length], [CONNECTING, 2]);
  network.comesOnline();
  assert.equal(network.sockets.length, 2);
});

test("a connection that says nothing is given up", () => {
  opened();
  mock.timers.tick(10_000);
  assert.deepEqual([socket.state, network.sockets[0].readyState], [WAITING, 3]);
});

test("a message that is due and does not arrive ends the connection, one that arrives does not", () => {
  opened();
  network.last.says({});
  socket.expectMessage(5_000);
  mock.timers.tick(4_000);
  network.last.says({});
  mock.timers.tick(60_000);
  assert.equal(socket.state, OPEN);
  socket.expectMessage(5_000);
  mock.timers.tick(5_000);
  assert.equal(socket.state, WAITING);
});

test("what a connection says after it was given up is ignored", () => {
  opened();
  const first = network.last;
  socket.reconnect();
  first.says({ type: "late" });
  first.closes(1006);
  assert.deepEqual([received, socket.state, network.sockets.length], [[], CONNECTING, 2]);
});

test("a closed socket stays closed", () => {
  opened();
  network.last.closes(1006);
  socket.close();
  mock.timers.tick(60_000);
  network.comesOnline();
  assert.deepEqual([socket.state, network.sockets.length], [CLOSED, 1]);
});

test("nothing is sent without a connection, and the caller knows", () => {
  opened();
  assert.equal(socket.send({ type: "since" }), true);
  assert.deepEqual(network.last.messages, [{ type: "since" }]);
  network.last.closes(1006);
  assert.equal(socket.send({ type: "since" }), false);
});
