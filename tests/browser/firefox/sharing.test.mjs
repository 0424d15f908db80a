// One text on several pages, with and without a network.
import { test } from "node:test";
import { erase, isOffline, isSaved, press, putCaret, shows, stage, type } from "./driver.mjs";
import { created, opened, TEXTS } from "./transcript.mjs";

const [FIRST, SECOND, THIRD] = TEXTS;
const isOffered = (word) => [...document.querySelectorAll("[data-panel=conflicts] .version")].some(({ textContent }) => textContent === word);

test("two people see each other and what the other types", async () => {
  const id = await created();
  const [alice, erin] = [await opened(id), await opened(id, { who: "erin" })];
  await putCaret(erin, 1);
  await type(erin, "!");
  await shows(alice, [FIRST, `${SECOND}!`, THIRD]);
  await alice.waitForSelector("[data-faces] [aria-label*='is editing']");
  await putCaret(alice, 0);
  await type(alice, "?");
  await shows(erin, [`${FIRST}?`, `${SECOND}!`, THIRD]);
});

test("undo and redo leave alone what someone else wrote since", async () => {
  const id = await created();
  const [alice, erin] = [await opened(id), await opened(id, { who: "erin" })];
  await putCaret(alice, 0);
  await type(alice, " now");
  await shows(erin, [`${FIRST} now`, SECOND, THIRD]);
  await putCaret(erin, 0, 0);
  await type(erin, "Please ");
  await shows(alice, [`Please ${FIRST} now`, SECOND, THIRD]);
  await putCaret(alice, 0);
  await press(alice, "Control+z");
  for (const page of [alice, erin]) await shows(page, [`Please ${FIRST}`, SECOND, THIRD]);
  await press(alice, "Control+Shift+z");
  for (const page of [alice, erin]) await shows(page, [`Please ${FIRST} now`, SECOND, THIRD]);
  await isSaved(alice);
});

test("one page follows the other of the same person", async () => {
  const id = await created();
  const first = await opened(id);
  const second = await opened(id, { beside: first });
  await putCaret(second, 2);
  await type(second, ", then");
  await shows(first, [FIRST, SECOND, "So be it, then"]);
  await putCaret(first, 0, 0);
  await press(first, "Control+Shift+ArrowRight", "Shift+ArrowRight", "Delete");
  await shows(second, ["the paige", SECOND, "So be it, then"]);
  for (const page of [first, second]) await isSaved(page);
});

test("what is typed offline is sent once the network is back", async () => {
  const id = await created();
  const [alice, erin] = [await opened(id), await opened(id, { who: "erin" })];
  await alice.setOfflineMode(true);
  await putCaret(alice, 2);
  await type(alice, ", then");
  await isOffline(alice);
  await putCaret(erin, 0);
  await type(erin, "?");
  await isSaved(erin);
  await alice.setOfflineMode(false);
  await isSaved(alice);
  for (const page of [alice, erin]) await shows(page, [`${FIRST}?`, SECOND, "So be it, then"]);
});

test("what was typed without a server is sent after a reload", async () => {
  const page = await opened();
  await stage("stop_web");
  await putCaret(page, 2);
  await type(page, ", then");
  await isOffline(page);
  await stage("start_web");
  await page.reload();
  await shows(page, [FIRST, SECOND, "So be it, then"]);
  await isSaved(page);
});

test("what was typed a moment before a reload is not lost", async () => {
  const page = await opened();
  await putCaret(page, 2);
  await type(page, ", then");
  await page.reload();
  await shows(page, [FIRST, SECOND, "So be it, then"]);
  await isSaved(page);
});

test("words that two people changed at the same time are both kept", async () => {
  const id = await created();
  const [alice, erin] = [await opened(id), await opened(id, { who: "erin" })];
  await alice.setOfflineMode(true);
  await putCaret(alice, 0);
  await erase(alice, "paige");
  await type(alice, "door");
  await isOffline(alice);
  await putCaret(erin, 0);
  await erase(erin, "paige");
  await type(erin, "press");
  await isSaved(erin);
  await alice.setOfflineMode(false);
  await isSaved(alice);
  await shows(alice, ["Hold the door", SECOND, THIRD]);
  // What stands beside them depends on the moments at which the letters were sent
  for (const page of [alice, erin]) await page.waitForFunction(isOffered, {}, "press");
});
