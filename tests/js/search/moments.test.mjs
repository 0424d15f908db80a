import assert from "node:assert/strict";
import { test } from "node:test";
import { createMomentPlayer, neighbour } from "../../../static/js/search/moments.js";

const MOMENT = { key: "a 5000", ms: 5_000, media: "/a", title: "Talk", href: "/t/" };

function audio({ fails } = {}) {
  const attributes = {};
  return {
    paused: true,
    currentTime: 0,
    getAttribute: (name) => attributes[name] ?? null,
    setAttribute: (name, value) => { attributes[name] = value; },
    removeAttribute: (name) => { delete attributes[name]; },
    async play() {
      if (fails) throw Object.assign(new Error("no"), { name: fails });
      this.paused = false;
    },
    pause() { this.paused = true; },
  };
}

test("a moment plays from its time, again pauses it, another takes its place", async () => {
  const element = audio();
  const player = createMomentPlayer(element, () => {});
  await player.press(MOMENT);
  assert.deepEqual([element.paused, element.currentTime, element.getAttribute("src")], [false, 5, "/a"]);
  player.press(MOMENT);
  assert.equal(element.paused, true);
  await player.press({ ...MOMENT, key: "b 1", ms: 1_000, media: "/b" });
  assert.deepEqual([element.paused, element.currentTime, element.getAttribute("src")], [false, 1, "/b"]);
  player.close();
  assert.deepEqual([element.paused, element.getAttribute("src")], [true, null]);
});

test("audio that can't be played is said, a browser that waits for a press isn't", async () => {
  const said = [];
  await createMomentPlayer(audio({ fails: "NotSupportedError" }), ({ news }) => said.push(news)).press(MOMENT);
  await createMomentPlayer(audio({ fails: "NotAllowedError" }), ({ news }) => said.push(news)).press(MOMENT);
  assert.deepEqual(said, ["", "This recording has no audio that a browser can play.", ""]);
});

test("keys go from one to the next and stay at the ends", () => {
  const rows = ["a", "b", "c"];
  assert.equal(neighbour(rows, "a", 1), "b");
  assert.equal(neighbour(rows, "c", 1), "c");
  assert.equal(neighbour(rows, "a", -1), "a");
  assert.equal(neighbour(rows, null, 1), "a");
  assert.equal(neighbour(rows, null, -1), "c");
  assert.equal(neighbour([], null, 1), undefined);
});
