// Frames in memory behave as those in the browser's storage do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memorySpool } from "../../../static/js/recorder/transport/unsent_audio.js";

test("frames are found by number and forgotten but for the last, which counts", async () => {
  const kept = memorySpool();
  assert.equal(await kept.end(), 0);
  for (let number = 0; number < 12; number++) await kept.put(number, `f${number}`);
  await kept.forget(10);
  assert.deepEqual([await kept.get(8), await kept.get(9), await kept.get(11)], [undefined, "f9", "f11"]);
  assert.deepEqual([await kept.end(), await kept.all()], [12, ["f9", "f10", "f11"]]);
  await kept.clear();
  assert.equal(await kept.end(), 0);
});
