// Seconds in which a person works: what counts, and when they are sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createActiveTime } from "../../../static/js/review/active_time.js";

function watched() {
  const page = { ms: 0, isPlaying: false, isInView: true, sent: [], last: [] };
  page.time = createActiveTime({
    url: "/position/",
    isPlaying: () => page.isPlaying,
    isInView: () => page.isInView,
    now: () => page.ms,
    send: (url, fields) => page.sent.push(fields.active_s),
    sendLast: (url, fields) => page.last.push(fields.active_s),
  });
  page.pass = (seconds) => {
    for (let at = 0; at < seconds; at++) {
      page.ms += 1_000;
      page.time.second();
    }
  };
  return page;
}

test("a person counts for a while after each sign, and while they listen", () => {
  const page = watched();
  page.pass(30);
  page.time.left();
  assert.deepEqual(page.last, []);
  page.time.signed();
  page.pass(30);
  page.time.left();
  assert.deepEqual(page.last, [14]);
  page.isPlaying = true;
  page.pass(20);
  page.time.left();
  assert.deepEqual(page.last, [14, 20]);
});

test("a page that is not in view counts nothing", () => {
  const page = watched();
  page.isPlaying = true;
  page.isInView = false;
  page.pass(20);
  page.time.left();
  assert.deepEqual(page.last, []);
});

test("seconds are sent once a minute, and what is left with the page, each once", () => {
  const page = watched();
  page.isPlaying = true;
  page.pass(130);
  assert.deepEqual(page.sent, [60, 60]);
  page.time.left();
  page.time.left();
  assert.deepEqual(page.last, [10]);
});
