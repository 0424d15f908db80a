// In-place edits: what saves, what discards, and where the focus is afterwards.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createInlineEdit } from "../../static/js/inline_edit.js";

let focused, results, element, handlers, edit;

const node = (name) => ({
  name, dataset: {}, isConnected: true, value: name,
  closest: (selector) => (selector === `.${name}` ? element : null),
  matches: () => true,
  focus() { focused = this; document.activeElement = this; },
});

beforeEach(() => {
  [results, handlers, focused] = [[], {}, null];
  globalThis.document = { body: node("body"), activeElement: null };
  document.activeElement = document.body;
  element = node("text");
  create();
});

function create(options = {}) {
  edit = createInlineEdit({
    root: { addEventListener: (name, act) => { handlers[name] = act; } },
    selector: ".text",
    widget: { show: (one) => one.focus(), hide: () => {}, read: (one) => one.value },
    onEnd: (one, { text, isSaved, edit: { before } }) => results.push({ text, isSaved, before }),
    ...options,
  });
}

const key = (name, fields = {}) => handlers.keydown({ key: name, target: element, preventDefault: () => {}, ...fields });

test("enter saves what was typed", () => {
  edit.begin(element);
  element.value = "typed";
  key("Enter");
  assert.deepEqual(results, [{ text: "typed", isSaved: true, before: "text" }]);
});

test("escape discards it", () => {
  edit.begin(element);
  key("Escape");
  assert.deepEqual(results.map(({ isSaved }) => isSaved), [false]);
});

test("leaving the text saves it once", () => {
  edit.begin(element);
  handlers.focusout({ target: element });
  handlers.focusout({ target: element });
  assert.deepEqual(results.map(({ isSaved }) => isSaved), [true]);
});

test("enter that ends a composition is typing", () => {
  edit.begin(element);
  key("Enter", { isComposing: true });
  assert.deepEqual(results, []);
});

test("the focus returns to what began the edit, or stays on the text if a key did", () => {
  const button = node("button");
  button.focus();
  edit.begin(element);
  key("Enter");
  assert.equal(focused, button);
  document.activeElement = document.body;
  edit.begin(element);
  key("Enter");
  assert.equal(focused, element);
});

test("an edit in progress is not begun again", () => {
  edit.begin(element);
  element.value = "typed";
  edit.begin(element);
  key("Enter");
  assert.equal(results[0].before, "text");
});

test("a form saves itself: enter is left to it", () => {
  create({ savesOnEnter: false, savesOnBlur: false });
  edit.begin(element);
  key("Enter");
  assert.deepEqual([results.length, "editing" in element.dataset], [0, true]);
  key("Escape");
  assert.equal(results.length, 1);
});
