// The health of the server is polled until it answers, once.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { probeHealth } from "../../../static/js/recorder/transport/health_probe.js";
import { turn } from "../support.mjs";

let requests, status, answers;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  [requests, status, answers] = [0, 503, 0];
  globalThis.fetch = async () => {
    requests += 1;
    if (status === 0) throw new TypeError("unreachable");
    return { status };
  };
});
afterEach(() => mock.timers.reset());

async function pass(ms) {
  mock.timers.tick(ms);
  await turn();
}

test("a server that is down, behind a proxy or not, is asked again each second", async () => {
  const stop = probeHealth(() => { answers += 1; }, { isImmediate: true });
  await pass(1);
  status = 0;
  await pass(1_300);
  await pass(1_300);
  assert.deepEqual([requests, answers], [3, 0]);
  stop();
});

test("the first answer ends the polling", async () => {
  probeHealth(() => { answers += 1; }, { isImmediate: true });
  await pass(1);
  status = 200;
  await pass(1_300);
  await pass(10_000);
  assert.deepEqual([requests, answers], [2, 1]);
});

test("an answer that arrives after the end is ignored", async () => {
  status = 200;
  const stop = probeHealth(() => { answers += 1; }, { isImmediate: true });
  mock.timers.tick(1);
  stop();
  await turn();
  assert.equal(answers, 0);
});
