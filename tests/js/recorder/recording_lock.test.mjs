// Of two windows of one browser, the one in which someone pressed Start records once the other has stopped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRecordingLock } from "../../../static/js/recorder/recording_lock.js";
import { Locks, turn } from "../support.mjs";

function windows() {
  const locks = new Locks();
  const channels = [];
  const channel = () => {
    const mine = { postMessage: (data) => channels.filter((one) => one !== mine).forEach((one) => one.onmessage?.({ data })), close: () => {} };
    channels.push(mine);
    return mine;
  };
  return (stopRecording, session = "s") => createRecordingLock(session, stopRecording, { locks, channel: channel() });
}

test("the other window stops before this one records", async () => {
  const open = windows();
  const order = [];
  const first = open(async () => { await turn(); order.push("first stopped"); });
  const second = open(async () => {});
  await first.acquire();
  await second.acquire();
  order.push("second records");
  assert.deepEqual(order, ["first stopped", "second records"]);
});

test("a window of another session, or one that doesn't record, is left alone", async () => {
  const open = windows();
  const asked = [];
  const other = open(async () => asked.push("other session"), "t");
  await other.acquire();
  open(async () => asked.push("only watches"));
  await open(async () => {}).acquire();
  assert.deepEqual(asked, []);
});

test("a window that released the lock delays no other", async () => {
  const open = windows();
  const first = open(async () => {});
  await first.acquire();
  first.release();
  await turn();
  await open(async () => {}).acquire();
});
