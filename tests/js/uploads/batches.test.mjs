import assert from "node:assert/strict";
import { test } from "node:test";
import { showBatch, withBatch } from "../../../static/js/uploads/batches.js";

test("several files name their batch, one has none", () => {
  assert.deepEqual(withBatch({ team: "own" }, 3, () => "b"), { team: "own", batch: { id: "b", files: 3 } });
  assert.deepEqual(withBatch({ team: "own" }, 1, () => "b"), { team: "own" });
});

test("a batch can be followed once the server knows of it, the newest first", () => {
  const link = {};
  const item = (id, added, url = "/uploads/1/") => ({ batch: { id, files: 2 }, added, url });
  showBatch(link, [item("a", 1, ""), { batch: null, added: 2, url: "/uploads/2/" }]);
  assert.deepEqual(link, { hidden: true });
  showBatch(link, [item("b", 2), item("a", 1), item("c", 3, "")]);
  assert.deepEqual(link, { hidden: false, href: "/batches/b/" });
});
