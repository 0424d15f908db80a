// Identifiers that also work on plain http.
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomHex, uuid } from "../../static/js/ids.js";

test("a UUID is of version 4, and no two are the same", () => {
  const made = Array.from({ length: 100 }, uuid);
  for (const one of made) assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(made).size, 100);
});

test("random hex has two digits a byte", () => assert.match(randomHex(8), /^[0-9a-f]{16}$/));
