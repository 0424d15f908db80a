// The fingerprint of a file, and the question which files the team has.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { fingerprint, lookUp, pieces } from "../../../static/js/uploads/known_files.js";

const MIB = 1024 * 1024;

test("of a small file the whole is read, of a large one its beginning, middle and end", () => {
  assert.deepEqual(pieces(10), [[0, 10]]);
  assert.deepEqual(pieces(3 * MIB), [[0, 3 * MIB]]);
  assert.deepEqual(pieces(5 * MIB + 1), [[0, MIB], [2 * MIB, 3 * MIB], [4 * MIB + 1, 5 * MIB + 1]]);
});

test("a fingerprint is the SHA-256 of the size and the pieces", async () => {
  const text = "some bytes";
  assert.equal(await fingerprint(new Blob([text])), createHash("sha256").update(`${text.length}\n${text}`).digest("hex"));
});

test("a file that can't be read has none", async () => {
  assert.equal(await fingerprint({ size: 3, slice: () => { throw new DOMException("gone", "NotReadableError"); } }), "");
});

const item = (id, team, file = { id }) => ({ id, team, file });

test("each team is asked about its own files, each fingerprint once", async () => {
  const asked = [];
  const request = async (team, prints) => {
    asked.push([team, prints]);
    return { same: { title: `of ${team}` } };
  };
  const hash = async ({ id }) => (id === "3" ? "other" : "same");
  const found = await lookUp([item("1", "a"), item("2", "a"), item("3", "a"), item("4", "b")], { hash, request });
  assert.deepEqual(asked, [["a", ["same", "other"]], ["b", ["same"]]]);
  assert.deepEqual([...found].map(([id, { title }]) => [id, title]), [["1", "of a"], ["2", "of a"], ["4", "of b"]]);
});

test("without fingerprints no one is asked", async () => {
  const found = await lookUp([item("1", "a")], { hash: async () => "", request: () => assert.fail("asked") });
  assert.equal(found.size, 0);
});
