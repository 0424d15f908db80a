// A step that never ends is reported by its name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withTimeout } from "../../../static/js/recorder/timeout.js";

test("a step that takes too long is rejected with its name", async () => {
  await assert.rejects(withTimeout(1, "AudioNotStarted", new Promise(() => {})), { name: "AudioNotStarted" });
});

test("a step that ends in time keeps its result or its own error", async () => {
  assert.equal(await withTimeout(1_000, "Never", Promise.resolve("done")), "done");
  await assert.rejects(withTimeout(1_000, "Never", Promise.reject(new Error("its own"))), { message: "its own" });
});
