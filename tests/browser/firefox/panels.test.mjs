// Speakers, find and replace, conflicts and playback beside the text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, isSaved, painted, press, putCaret, shows, speakers, stage, type } from "./driver.mjs";
import { created, opened, TEXTS } from "./transcript.mjs";

test("S names the speaker everywhere, and a digit gives a segment to another", async () => {
  const page = await opened();
  await putCaret(page, 0);
  await press(page, "Alt+s");
  await page.waitForSelector("[role=combobox]:focus");
  await type(page, "Olena");
  await shows(page, ["Rename “Speaker 1” to “Olena” in all 2 segments"], "[role=option][aria-selected=true]");
  await press(page, "Enter");
  await speakers(page, ["Olena", "Speaker 2", "Olena"]);
  await page.waitForSelector(".ProseMirror:focus");
  await press(page, "Alt+2");
  await speakers(page, ["Speaker 2", "Speaker 2", "Olena"]);
  await press(page, "Control+z", "Control+z");
  await speakers(page, ["Speaker 1", "Speaker 2", "Speaker 1"]);
  await isSaved(page);
});

test("outside of the text S and digits alone do the same", async () => {
  const page = await opened();
  await putCaret(page, 0, 0);
  await press(page, "Shift+End");
  await page.evaluate(() => document.activeElement.blur());
  await press(page, "2");
  await speakers(page, ["Speaker 2", "Speaker 2", "Speaker 1"]);
  await press(page, "s");
  await page.waitForSelector("[role=combobox]:focus");
  await isSaved(page);
});

test("all is replaced, and one undo takes it back", async () => {
  const page = await opened();
  await putCaret(page, 0, 0);
  await press(page, "Control+f");
  await type(page, "paige");
  await shows(page, ["1 of 2"], "[data-find=count]");
  await page.focus("[data-find=replacement]");
  await type(page, "page");
  await page.focus("[data-find=all]");
  await press(page, "Enter");
  await shows(page, TEXTS.map((text) => text.replace("paige", "page")));
  await press(page, "Escape");
  await page.waitForSelector(".ProseMirror:focus");
  await press(page, "Control+z");
  await shows(page, TEXTS);
  await isSaved(page);
});

test("a conflict is decided by a key", async () => {
  const id = await created();
  await stage("disagree", { transcript: id, position: 0, kept: "paige", offered: "page" });
  const page = await opened(id);
  await page.focus("[data-panel=conflicts] .btn.main");
  await press(page, "2");
  await shows(page, ["Hold the page", ...TEXTS.slice(1)]);
  await shows(page, ["No conflicts."], "[data-panel=conflicts] p");
});

test("playing paints the word that is spoken, also after an edit before it", async () => {
  const page = await opened();
  await page.$eval("audio", (audio) => { audio.currentTime = 0.9; });
  await eventually(() => painted(page, "heard"), ["paige"]);
  await putCaret(page, 0, 0);
  await type(page, "So ");
  await page.$eval("audio", (audio) => { audio.currentTime = 0.5; });
  await eventually(() => painted(page, "heard"), ["the"]);
  await press(page, "F9");
  await eventually(() => painted(page, "heard"), ["works"]);
  await press(page, "F9");
  assert.equal(await page.$eval("audio", (audio) => audio.paused), true);
});
