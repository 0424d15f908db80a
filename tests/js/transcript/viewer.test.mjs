// Who watches receives what they missed, and the page is loaded again when there is nothing to watch any more.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { createViewer } from "../../../static/js/transcript/viewer.js";
import { Network } from "../support.mjs";

let network, viewer, last, reloads, status;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  network = new Network();
  [last, reloads, status] = [3, 0, []];
  viewer = createViewer({
    url: "ws://server/ws/live/s/", showStatus: (text) => status.push(text), onMessage: () => {}, lastChange: () => last, reload: () => { reloads += 1; },
  });
});
afterEach(() => {
  viewer.end();
  mock.timers.reset();
});

test("each connection asks for what came after the last change", () => {
  network.last.says({ type: "hello" });
  last = 9;
  network.last.closes(1006);
  network.comesOnline();
  assert.deepEqual(network.sockets.map(({ query }) => query.get("after")), ["3", "9"]);
  assert.deepEqual(status, ["Watching", "Reconnecting …"]);
});

test("a session that is gone loads the page again, and connects no more", () => {
  network.last.closes(4404);
  mock.timers.tick(60_000);
  assert.deepEqual([reloads, network.sockets.length], [1, 1]);
});

test("a sign-in that is missing twice loads the page again", () => {
  network.last.closes(4401);
  assert.equal(reloads, 0);
  network.last.closes(4401);
  assert.equal(reloads, 1);
});
