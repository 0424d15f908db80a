// A page has the same identifier after a reload, and no two pages have the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimPageId } from "../../../static/js/recorder/page_id.js";
import { Clock, Locks, Storage } from "../support.mjs";

const browser = () => {
  const clock = new Clock();
  const wait = (act) => queueMicrotask(act);
  return { storage: new Storage(), tab: new Storage(), locks: new Locks(), wait, clock, isReload: false };
};
// Another tab of the same browser
const beside = (tab) => ({ ...tab, tab: new Storage() });

test("a page that is reloaded has its identifier again", async () => {
  const tab = browser();
  const first = await claimPageId("s", tab);
  first.remember();
  first.release();
  assert.equal((await claimPageId("s", tab)).page, first.page);
});

test("a second window and a duplicated tab get an identifier of their own", async () => {
  const tab = browser();
  const first = await claimPageId("s", tab);
  first.remember();
  const [second, third] = [await claimPageId("s", tab), await claimPageId("s", tab)];
  assert.equal(new Set([first.page, second.page, third.page]).size, 3);
  second.release();
  third.release();
  first.release();
  assert.equal((await claimPageId("s", tab)).page, first.page);
});

test("a window that took the recording over is the one that returns", async () => {
  const tab = browser();
  const first = await claimPageId("s", tab);
  first.remember();
  const second = await claimPageId("s", tab);
  second.remember();
  first.release();
  second.release();
  assert.equal((await claimPageId("s", tab)).page, second.page);
});

test("a page that is reloaded waits until the computer has ended what it was before", async () => {
  const tab = browser();
  const first = await claimPageId("s", tab);
  first.remember();
  let waits = 0;
  const wait = (act) => {
    waits += 1;
    if (waits === 50) first.release();
    setTimeout(act);
  };
  assert.equal((await claimPageId("s", { ...tab, wait, isReload: true })).page, first.page);
});

test("a second window that is reloaded doesn't wait for the first one's identifier", async () => {
  const tab = browser();
  const first = await claimPageId("s", tab);
  first.remember();
  const other = beside(tab);
  const second = await claimPageId("s", other);
  second.release();
  let waits = 0;
  const wait = (act) => { waits += 1; queueMicrotask(act); };
  const third = await claimPageId("s", { ...other, wait, isReload: true });
  assert.notEqual(third.page, first.page);
  assert.ok(waits < 5);
});

test("a page that never recorded is not mistaken for one that did", async () => {
  const tab = browser();
  const first = await claimPageId("s", tab);
  first.release();
  assert.notEqual((await claimPageId("s", tab)).page, first.page);
});

test("an identifier has the form that the server accepts", async () => {
  assert.match((await claimPageId("s", browser())).page, /^[0-9a-f]{16}$/);
});

test("without locks there is still an identifier", async () => {
  const { storage, tab } = browser();
  const first = await claimPageId("s", { storage, tab, locks: null, isReload: false });
  first.remember();
  assert.equal((await claimPageId("s", { storage, tab, locks: null, isReload: false })).page, first.page);
});
