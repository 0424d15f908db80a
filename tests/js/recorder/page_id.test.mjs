// A page keeps its name over reloads, and no two pages have the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { claim } from "../../../static/js/recorder/page_id.js";
import { Clock, Locks, Storage } from "../support.mjs";

const browser = () => {
  const clock = new Clock();
  const wait = (act) => queueMicrotask(act);
  return { storage: new Storage(), locks: new Locks(), wait, clock };
};

test("a page that is reloaded has its name again", async () => {
  const tab = browser();
  const first = await claim("s", tab);
  first.remember();
  first.release();
  assert.equal((await claim("s", tab)).page, first.page);
});

test("a second window and a duplicated tab get a name of their own", async () => {
  const tab = browser();
  const first = await claim("s", tab);
  first.remember();
  const [second, third] = [await claim("s", tab), await claim("s", tab)];
  assert.equal(new Set([first.page, second.page, third.page]).size, 3);
  second.release();
  third.release();
  first.release();
  assert.equal((await claim("s", tab)).page, first.page);
});

test("a window that took over is the one that comes back", async () => {
  const tab = browser();
  const first = await claim("s", tab);
  first.remember();
  const second = await claim("s", tab);
  second.remember();
  first.release();
  second.release();
  assert.equal((await claim("s", tab)).page, second.page);
});

test("a page that never recorded is not taken for one that did", async () => {
  const tab = browser();
  const first = await claim("s", tab);
  first.release();
  assert.notEqual((await claim("s", tab)).page, first.page);
});

test("a name is what the server accepts as one", async () => {
  assert.match((await claim("s", browser())).page, /^[0-9a-f]{16}$/);
});

test("without locks there is still a name", async () => {
  const { storage } = browser();
  const first = await claim("s", { storage, locks: null });
  first.remember();
  assert.equal((await claim("s", { storage, locks: null })).page, first.page);
});
