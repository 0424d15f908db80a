// Claimed stretches on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimedIn, openAt, sentenceOf } from "../../../static/js/review/claims.js";

const claim = (from, to, more = {}) => ({ id: 1, from, to, user: 7, name: "Ana Lima", until: "2026-11-28T12:00:00Z", ...more });

test("a claim covers what is between its first and last segment, new segments too", () => {
  const found = claimedIn(["a", "b", "new", "c", "d"], [claim("b", "c")]);
  assert.deepEqual([...found].map(([id, { isFirst }]) => [id, isFirst]), [["b", true], ["new", false], ["c", false]]);
});

test("a claim whose segments the page doesn't have yet is not drawn", () => {
  assert.equal(claimedIn(["a", "b"], [claim("b", "z"), claim("", "")]).size, 0);
});

test("an expired claim is none", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  assert.deepEqual([openAt([claim("a", "b")], now - 1).length, openAt([claim("a", "b")], now).length], [1, 0]);
});

test("it says whose it is", () => {
  assert.match(sentenceOf(claim("a", "b"), 1), /^Claimed by Ana Lima until /);
  assert.match(sentenceOf(claim("a", "b"), 7), /^Claimed by you until /);
});
