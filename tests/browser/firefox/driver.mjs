// Firefox before the site that test_firefox.py started: pages of people, what they press, and what is waited for.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import puppeteer from "puppeteer-core";

const { FIREFOX, SITE, STAGE } = process.env;
const PATIENCE_MS = 30_000;
const POLL_MS = 40;
const VIEWPORT = { width: 1360, height: 860 };
// What the network says of a broken connection is what some cases are about.
const NETWORK = /\bwss?:\/\/|NetworkError/;
const PREFERENCES = { "media.autoplay.default": 0, "intl.accept_languages": "en-US" };

let browser = null;
let contexts = [];
let complaints = [];

before(async () => {
  browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, extraPrefsFirefox: PREFERENCES, timeout: 120_000, protocolTimeout: 120_000 });
});
after(() => browser?.close());

beforeEach(async () => {
  [contexts, complaints] = [[], []];
  await stage("clear");
  await stage("cast");
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  assert.deepEqual(complaints, []);
});

// Runs a function of tests/browser/backstage/ and returns what it returns.
export async function stage(name, args = {}) {
  const response = await fetch(`${STAGE}/${name}`, { method: "POST", body: JSON.stringify(args) });
  const answer = await response.json();
  assert.equal(response.status, 200, answer);
  return answer;
}

// Opens a page as someone of the cast; with `beside`, as another page of the same browser as that one.
export async function open(path, { who = "alice", beside = null } = {}) {
  const context = beside?.browserContext() ?? await browser.createBrowserContext();
  if (!beside) {
    contexts.push(context);
    await context.setCookie({ name: "sessionid", value: await stage("session", { who }), domain: new URL(SITE).hostname, path: "/" });
  }
  const page = await context.newPage({ type: "window" });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(...[String(error)].filter((text) => !NETWORK.test(text))));
  await page.setViewport(VIEWPORT);
  await page.goto(SITE + path);
  return page;
}

// Waits until `read()` resolves to what is expected.
export async function eventually(read, expected) {
  const until = Date.now() + PATIENCE_MS;
  let found = await read();
  while (!isDeepStrictEqual(found, expected) && Date.now() < until) {
    await pause(POLL_MS);
    found = await read();
  }
  assert.deepEqual(found, expected);
}

export const texts = (page, selector = ".seg > .said") => page.$$eval(selector, (all) => all.map((one) => one.textContent));
export const shows = (page, expected, selector) => eventually(() => texts(page, selector), expected);
export const speakers = (page, expected) => shows(page, expected, ".seg .spk");

const stateOf = (page) => page.$eval("[data-save-state]", (one) => one.textContent.trim());
export const isSaved = (page) => eventually(() => stateOf(page), "Saved");
export const isOffline = (page) => eventually(async () => (await stateOf(page)).startsWith("Offline ("), true);

// Presses keys one after the other, each with its modifiers: "Control+z".
export async function press(page, ...combinations) {
  for (const combination of combinations) {
    const modifiers = combination.split("+");
    const key = modifiers.pop();
    for (const one of modifiers) await page.keyboard.down(one);
    await page.keyboard.press(key);
    for (const one of modifiers.reverse()) await page.keyboard.up(one);
  }
}

export const type = (page, text) => page.keyboard.type(text);
// Deletes this text, which is before the caret.
export const erase = (page, text) => press(page, ...Array(text.length).fill("Backspace"));

// Puts the caret into a segment, at an offset of its text; the last place if there is none.
export async function putCaret(page, segment, offset = Infinity) {
  await page.bringToFront();
  await page.evaluate(([at, wanted]) => {
    const said = document.querySelectorAll(".seg > .said")[at];
    said.closest(".ProseMirror").focus();
    const length = said.textContent.length;
    const texts = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    let rest = wanted === null ? length : wanted;
    while (texts.nextNode()) {
      const { length: own } = texts.currentNode;
      if (rest <= own) return getSelection().collapse(texts.currentNode, rest);
      rest -= own;
    }
    return getSelection().collapse(said, 0);
  }, [segment, offset === Infinity ? null : offset]);
}

// Returns [segment, offset] of the caret as the browser has it.
export const caret = (page) => page.evaluate(() => {
  const { focusNode, focusOffset } = getSelection();
  const element = focusNode.nodeType === Node.TEXT_NODE ? focusNode.parentElement : focusNode;
  const said = element.closest(".said");
  const before = new Range();
  before.setStart(said, 0);
  before.setEnd(focusNode, focusOffset);
  return [[...document.querySelectorAll(".seg > .said")].indexOf(said), before.toString().length];
});

// Returns the words that are painted: as "heard", or as "doubtful".
export const painted = (page, name) => page.evaluate((one) => [...(CSS.highlights.get(one) ?? [])].map(String), name);

export const click = (page, name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
