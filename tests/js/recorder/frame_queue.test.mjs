// Frames keep their numbers and their order, whatever the server has already.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createFrameQueue } from "../../../static/js/recorder/transport/frame_queue.js";
import { createMemoryStorage } from "../../../static/js/recorder/transport/unsent_audio.js";

const SILENCE_BYTES = 3200;

let storage, queue;

beforeEach(() => {
  storage = createMemoryStorage();
  queue = createFrameQueue(storage);
});

async function pushed(count) {
  for (let number = 0; number < count; number++) await queue.push(`f${number}`);
}

async function sent() {
  const frames = [];
  while (queue.canSend) {
    const { number, audio } = queue.take();
    frames.push([number, await audio]);
  }
  return frames;
}

test("frames are numbered from where the count continues", async () => {
  queue.countFrom(7, true);
  queue.resumeAt(7);
  await queue.push("audio");
  assert.deepEqual(await sent(), [[7, "audio"]]);
});

test("a frame without a known number waits until the server says where it continues", async () => {
  queue.countFrom(0, false);
  await queue.push("audio");
  assert.deepEqual([queue.end, queue.isCounted], [0, false]);
  queue.acknowledge(12, 0);
  assert.deepEqual(await sent(), [[12, "audio"]]);
});

test("no more than a window is sent without an acknowledgement", async () => {
  await pushed(80);
  assert.equal((await sent()).length, 50);
  queue.acknowledge(10, 0);
  assert.deepEqual((await sent()).map(([number]) => number), [50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
});

test("a server that can't keep up gets half the window, down to a least one", async () => {
  await pushed(80);
  queue.narrow();
  assert.equal((await sent()).length, 25);
  for (let times = 0; times < 9; times++) queue.narrow();
  queue.rewindTo(0);
  assert.equal((await sent()).length, 5);
});

test("a server that lost what it had acknowledged gets it again", async () => {
  await pushed(6);
  queue.acknowledge(6, 2);
  queue.resumeAt(3);
  assert.deepEqual(await sent(), [[3, "f3"], [4, "f4"], [5, "f5"]]);
});

test("a frame that this browser lost is replaced by silence, so that the next ones keep their time", async () => {
  await pushed(3);
  const { get } = storage;
  storage.get = async (number) => (number === 1 ? undefined : get(number));
  const frames = await sent();
  assert.deepEqual([frames[0][1], frames[1][1].byteLength, frames[2][1]], ["f0", SILENCE_BYTES, "f2"]);
});

test("a frame is sent although the browser's storage is full", async () => {
  storage.put = async () => { throw new Error("full"); };
  await assert.rejects(queue.push("audio"));
  assert.deepEqual(await sent(), [[0, "audio"]]);
});

test("only what is safe from a power cut is removed from the browser", async () => {
  await pushed(5);
  queue.acknowledge(4, 0);
  assert.equal((await storage.all()).length, 5);
  queue.acknowledge(4, 4);
  assert.deepEqual(await storage.all(), ["f3", "f4"]);
});

test("unsent frames are those that the server has not acknowledged; a single one is only the count", async () => {
  await pushed(4);
  queue.acknowledge(1, 1);
  assert.deepEqual(await queue.unsent(), ["f1", "f2", "f3"]);
  queue.acknowledge(3, 3);
  assert.deepEqual(await queue.unsent(), []);
});
