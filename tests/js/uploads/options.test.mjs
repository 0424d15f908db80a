// What is to become of files: what was remembered for the team that one works in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPreferences } from "../../../static/js/account/preferences.js";
import { chosenIn, remember, remembered } from "../../../static/js/uploads/options.js";

const kept = () => createPreferences({ setTimer: () => 0, clearTimer: () => {} });

test("without anything remembered the server takes the team's language", () => {
  assert.deepEqual(remembered(kept(), "desk"), { speakers: "", team: "desk", folder: "" });
});

test("what was remembered is for the team that one worked in, and never a number of speakers", () => {
  const own = kept();
  remember({ language: "", speakers: "3", team: "court", folder: "7" }, own, "desk");
  assert.deepEqual(remembered(own, "desk"), { speakers: "", team: "court", folder: "7", language: "" });
  assert.deepEqual(remembered(own, ""), { speakers: "", team: "", folder: "" });
});

test("options that can be asked for go with the files; those that are disabled are left to the server", () => {
  const boxes = [
    { name: "punctuates", value: "yes", checked: false }, { name: "masks_profanity", value: "yes", checked: true },
    { name: "languages", value: "de", checked: true }, { name: "languages", value: "fr", checked: false }, { name: "languages", value: "uk", checked: true },
  ];
  const form = { querySelector: () => ({ value: "x" }), querySelectorAll: (query) => (query === "[data-wish]:enabled" ? boxes : []) };
  assert.deepEqual(chosenIn(form).wishes, { punctuates: "no", masks_profanity: "yes", languages: "de,uk" });
  assert.deepEqual(chosenIn({ ...form, querySelectorAll: () => [] }).wishes, {});
});
