// Settings: shown immediately, sent together after a rest, and sent again if the server never had them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPreferences } from "../../../static/js/account/preferences.js";
import { Clock } from "../support.mjs";

function make(statuses) {
  const clock = new Clock();
  const sent = [];
  const store = async (changes) => {
    sent.push(changes);
    const status = statuses.shift() ?? 200;
    if (status === 0) throw new TypeError("offline");
    return { status };
  };
  return { clock, sent, settings: createPreferences({ values: { speed: 1 }, store, ...clock }) };
}

test("a change is known immediately and stored once the person rests", async () => {
  const { clock, sent, settings } = make([]);
  const seen = [];
  settings.subscribe((name, value) => seen.push([name, value]));
  settings.set("speed", 1.25);
  settings.set("speed", 1.5);
  assert.equal(settings.get("speed"), 1.5);
  assert.deepEqual(sent, []);
  await clock.pass(1_000);
  assert.deepEqual(sent, [{ speed: 1.5 }]);
  assert.deepEqual(seen, [["speed", 1.25], ["speed", 1.5]]);
});

test("what the server never had goes with the next change, what it refused does not", async () => {
  for (const [status, again] of [[0, { speed: 2, picture: "hidden" }], [503, { speed: 2, picture: "hidden" }], [400, { picture: "hidden" }]]) {
    const { clock, sent, settings } = make([status]);
    settings.set("speed", 2);
    await clock.pass(1_000);
    settings.set("picture", "hidden");
    await clock.pass(1_000);
    assert.deepEqual(sent[1], again);
  }
});

test("nothing is sent if nothing changed", async () => {
  const { sent, settings } = make([]);
  await settings.flush();
  assert.deepEqual(sent, []);
});
