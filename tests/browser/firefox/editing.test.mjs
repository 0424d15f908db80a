// A person corrects a transcript as a document.
import assert from "node:assert/strict";
import { test } from "node:test";
import { caret, isSaved, press, putCaret, shows, type } from "./driver.mjs";
import { created, opened, TEXTS } from "./transcript.mjs";

const [FIRST, SECOND, THIRD] = TEXTS;

// Returns [start, duration] in ms of each word that the server places in a segment: it tells five numbers a word.
async function timesIn(page, segment) {
  const placed = await page.evaluate(async () => {
    const { urls } = JSON.parse(document.getElementById("transcript-data").textContent);
    return Object.values((await (await fetch(urls.words)).json()).words);
  });
  return placed[segment].flatMap((_, at, all) => (at % 5 ? [] : [all.slice(at + 2, at + 4)]));
}

test("typing keeps the times of the other words, and is there after a reload", async () => {
  const page = await opened();
  const [hold, the, paige] = await timesIn(page, 0);
  await putCaret(page, 0, "Hold".length);
  await type(page, " on to");
  await shows(page, ["Hold on to the paige", SECOND, THIRD]);
  await isSaved(page);
  const times = await timesIn(page, 0);
  assert.deepEqual([times.length, times[0], ...times.slice(3)], [5, hold, the, paige]);
  await page.reload();
  await shows(page, ["Hold on to the paige", SECOND, THIRD]);
});

test("Enter splits at the caret, Backspace merges again, and the caret stays in its place", async () => {
  const page = await opened();
  await putCaret(page, 2, "So".length);
  await press(page, "Enter");
  await shows(page, [FIRST, SECOND, "So", "be it"]);
  assert.deepEqual(await caret(page), [3, 0]);
  await press(page, "Backspace");
  await shows(page, TEXTS);
  assert.deepEqual(await caret(page), [2, "So ".length]);
  await type(page, "would ");
  await shows(page, [FIRST, SECOND, "So would be it"]);
  await isSaved(page);
});

test("Enter at either edge makes an empty segment, in which one can type", async () => {
  const page = await opened();
  await putCaret(page, 0);
  await press(page, "Enter");
  await type(page, "Why?");
  await shows(page, [FIRST, "Why?", SECOND, THIRD]);
  await putCaret(page, 3, 0);
  await press(page, "Enter", "ArrowUp");
  await type(page, "Well.");
  await shows(page, [FIRST, "Why?", SECOND, "Well.", THIRD]);
  await isSaved(page);
});

test("a selection over segments is deleted, and typed over", async () => {
  const page = await opened();
  await putCaret(page, 0, "Hold".length);
  await press(page, "Shift+ArrowDown", "Shift+End", "Delete");
  await shows(page, ["Hold", THIRD]);
  await press(page, "Control+z");
  await shows(page, TEXTS);
  await putCaret(page, 1, "Thursday".length);
  await press(page, "Control+Shift+End");
  await type(page, "!");
  await shows(page, [FIRST, "Thursday!"]);
  await isSaved(page);
});

test("words that are cut are pasted elsewhere", async () => {
  const page = await opened();
  await putCaret(page, 0, 0);
  await press(page, "Control+Shift+ArrowRight", "Shift+ArrowRight", "Control+x");
  await shows(page, ["the paige", SECOND, THIRD]);
  await putCaret(page, 2);
  await type(page, " ");
  await press(page, "Control+v");
  await shows(page, ["the paige", SECOND, "So be it Hold "]);
  await isSaved(page);
});

test("segments that are copied are pasted as segments", async () => {
  const page = await opened();
  await putCaret(page, 1, 0);
  await press(page, "Control+Shift+End", "Control+c", "Control+End");
  await type(page, ". ");
  await press(page, "Control+v");
  await shows(page, [...TEXTS.slice(0, 2), `${THIRD}. ${SECOND}`, THIRD]);
  await isSaved(page);
});

test("Home, End and Control+A reach the edges of a line and of the text", async () => {
  const page = await opened();
  await putCaret(page, 1, 5);
  await press(page, "Home");
  assert.deepEqual(await caret(page), [1, 0]);
  await press(page, "End");
  assert.deepEqual(await caret(page), [1, SECOND.length]);
  await press(page, "Control+Home");
  assert.deepEqual(await caret(page), [0, 0]);
  await press(page, "Control+End");
  assert.deepEqual(await caret(page), [2, THIRD.length]);
  await press(page, "Control+a");
  await type(page, "All gone");
  await shows(page, ["All gone"]);
  await press(page, "Control+z");
  await shows(page, TEXTS);
  await isSaved(page);
});

test("arrows lead from segment to segment, past their headers", async () => {
  const page = await opened();
  await putCaret(page, 0, FIRST.length - 1);
  await press(page, "ArrowRight", "ArrowRight");
  assert.deepEqual(await caret(page), [1, 0]);
  await press(page, "ArrowLeft");
  assert.deepEqual(await caret(page), [0, FIRST.length]);
  await press(page, "ArrowDown", "ArrowDown");
  assert.equal((await caret(page))[0], 2);
});

test("one deletes and types beside the caret of someone else", async () => {
  const id = await created();
  const [alice, erin] = [await opened(id), await opened(id, { who: "erin" })];
  await putCaret(erin, 0, "Hold".length);
  await alice.waitForSelector(".seg .caret");
  await putCaret(alice, 0, "Hold ".length);
  await press(alice, "Backspace", "Backspace");
  await type(alice, "st");
  await shows(alice, ["Holstthe paige", SECOND, THIRD]);
  await press(alice, "ArrowLeft", "ArrowLeft", "ArrowLeft", "Delete", "Home");
  assert.deepEqual(await caret(alice), [0, 0]);
  await shows(alice, ["Hostthe paige", SECOND, THIRD]);
  await shows(erin, ["Hostthe paige", SECOND, THIRD]);
  await isSaved(alice);
});
