// Of two windows of one browser the one where someone pressed Start records, once the other has stopped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { handover } from "../../../static/js/recorder/recording_lock.js";
import { Locks, turn } from "../support.mjs";

function windows() {
  const locks = new Locks();
  const channels = [];
  const channel = () => {
    const mine = { postMessage: (data) => channels.filter((one) => one !== mine).forEach((one) => one.onmessage?.({ data })), close: () => {} };
    channels.push(mine);
    return mine;
  };
  return (yielded, session = "s") => handover(session, yielded, { locks, channel: channel() });
}

test("the other window stops before this one begins", async () => {
  const open = windows();
  const order = [];
  const first = open(async () => { await turn(); order.push("first stopped"); });
  const second = open(async () => {});
  await first.begin();
  await second.begin();
  order.push("second began");
  assert.deepEqual(order, ["first stopped", "second began"]);
});

test("a window of another session, or one that doesn't record, is left alone", async () => {
  const open = windows();
  const asked = [];
  const other = open(async () => asked.push("other session"), "t");
  await other.begin();
  open(async () => asked.push("only watches"));
  await open(async () => {}).begin();
  assert.deepEqual(asked, []);
});

test("a window that ended by itself leaves the way free", async () => {
  const open = windows();
  const first = open(async () => {});
  await first.begin();
  first.end();
  await turn();
  await open(async () => {}).begin();
});
