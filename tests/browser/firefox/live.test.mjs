// A live session, in which someone corrects while words arrive.
import { test } from "node:test";
import { erase, eventually, isOffline, isSaved, open, press, putCaret, shows, speakers, stage, type } from "./driver.mjs";

const [FIRST, SECOND] = ["Hold the front page.", "The damn piece moves to Thursday."];
const THIRD = "Then someone speaks.";

const begun = () => stage("live", { title: "Editorial meeting", said: [FIRST, SECOND] });
const say = (live) => stage("say", { live, text: THIRD, at_ms: 9_000 });
const kept = async (live) => (await stage("lines", { live })).map(([text]) => text);

async function opened(live, who = "erin") {
  const page = await open(`/live/${live}/`, { who });
  const state = who === "alice" ? "recorded in another window|Not recording" : "Watching";
  await page.waitForFunction((expected) => document.querySelector("[data-status]").textContent.match(expected), {}, state);
  return page;
}

test("words arrive at the end while someone types", async () => {
  const live = await begun();
  const page = await opened(live);
  await press(page, "e");
  await type(page, " At last.");
  await say(live);
  await shows(page, [FIRST, `${SECOND} At last.`, THIRD]);
  await type(page, " Really.");
  await shows(page, [FIRST, `${SECOND} At last. Really.`, THIRD]);
  await isSaved(page);
  await eventually(() => kept(live), [FIRST, `${SECOND} At last. Really.`, THIRD]);
});

test("a segment is split and merged while the session continues", async () => {
  const live = await begun();
  const page = await opened(live);
  await putCaret(page, 0, "Hold".length);
  await press(page, "Enter");
  await say(live);
  await shows(page, ["Hold", "the front page.", SECOND, THIRD]);
  await press(page, "Backspace");
  await type(page, "on to ");
  await shows(page, ["Hold on to the front page.", SECOND, THIRD]);
  await isSaved(page);
});

test("a moment is marked with a note, which stays while words arrive", async () => {
  const live = await begun();
  const [alice, erin] = [await opened(live, "alice"), await opened(live)];
  await press(erin, "n");
  await type(erin, "Ask the ");
  await say(live);
  await shows(erin, [FIRST, SECOND, THIRD]);
  await type(erin, "ministry");
  await press(erin, "Enter");
  await alice.waitForFunction(() => document.querySelector("[data-item^='marker:'] input")?.value === "Ask the ministry");
});

test("one types before and behind a marker between segments", async () => {
  const live = await begun();
  await stage("annotate", { live, note: "Ask the ministry" });
  const page = await opened(live);
  await putCaret(page, 0);
  await press(page, "ArrowRight");
  await type(page, "So: ");
  await shows(page, [FIRST, `So: ${SECOND}`]);
  await press(page, "Home", "ArrowLeft");
  await type(page, " Now.");
  await shows(page, [`${FIRST} Now.`, `So: ${SECOND}`]);
  await putCaret(page, 1, 0);
  await press(page, "Backspace");
  await shows(page, [`${FIRST} Now. So: ${SECOND}`]);
  await isSaved(page);
});

test("a speaker is named once for all segments", async () => {
  const live = await begun();
  const [alice, erin] = [await opened(live, "alice"), await opened(live)];
  await say(live);
  await shows(erin, [FIRST, SECOND, THIRD]);
  await press(erin, "s");
  await type(erin, "Ana Kovač");
  await press(erin, "Enter");
  for (const page of [alice, erin]) await speakers(page, ["Ana Kovač", "Speaker 2", "Ana Kovač"]);
});

test("words that were overwritten are beside the text", async () => {
  const live = await begun();
  const [alice, erin] = [await opened(live, "alice"), await opened(live)];
  await alice.setOfflineMode(true);
  await putCaret(alice, 0);
  await erase(alice, "page.");
  await type(alice, "door.");
  await isOffline(alice);
  await putCaret(erin, 0);
  await erase(erin, "page.");
  await type(erin, "press.");
  await isSaved(erin);
  await alice.setOfflineMode(false);
  await shows(alice, ["press."], "[data-text] [data-offered]");
  await shows(alice, ["Hold the front door.", SECOND]);
  await alice.locator("[data-text] [data-use]").click();
  await shows(alice, ["Hold the front press.", SECOND]);
  await isSaved(alice);
});
