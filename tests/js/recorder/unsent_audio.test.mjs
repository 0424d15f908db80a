// Frames in memory behave as those in the browser's storage do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStorage } from "../../../static/js/recorder/transport/unsent_audio.js";

test("frames are found by number and forgotten but for the last, which counts", async () => {
  const storage = createMemoryStorage();
  assert.equal(await storage.end(), 0);
  for (let number = 0; number < 12; number++) await storage.put(number, `f${number}`);
  await storage.removeBefore(10);
  assert.deepEqual([await storage.get(8), await storage.get(9), await storage.get(11)], [undefined, "f9", "f11"]);
  assert.deepEqual([await storage.end(), await storage.all()], [12, ["f9", "f10", "f11"]]);
  await storage.clear();
  assert.equal(await storage.end(), 0);
});
