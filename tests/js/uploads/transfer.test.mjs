// What an error of a transfer means for the upload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { classify, FileUnreadable } from "../../../static/js/uploads/transfer.js";

function failed(method, status, { body = "", type = "text/plain" } = {}) {
  const originalResponse = status === 0 ? null : { getStatus: () => status, getBody: () => body, getHeader: () => type };
  return { originalRequest: { getMethod: () => method }, originalResponse };
}

test("no answer is temporary, and a chunk without an answer broke off", () => {
  assert.deepEqual(classify(failed("HEAD", 0)), { kind: "temporary", message: "", brokeOff: false });
  assert.deepEqual(classify(failed("PATCH", 0)), { kind: "temporary", message: "", brokeOff: true });
});

for (const status of [409, 423, 429, 460]) {
  test(`${status} is temporary with its message, and the chunk did not break off`, () => {
    assert.deepEqual(classify(failed("PATCH", status, { body: "Later." })), { kind: "temporary", message: "Later.", brokeOff: false });
  });
}

test("an error of the server is temporary", () => assert.equal(classify(failed("PATCH", 503)).brokeOff, true));

test("an upload is lost only if the server no longer has what it was sent", () => {
  assert.equal(classify(failed("HEAD", 404)).kind, "lost");
  assert.equal(classify(failed("PATCH", 410)).kind, "lost");
  assert.equal(classify(failed("POST", 404)).kind, "refused");
});

test("a refusal has the server's message, but no page of HTML", () => {
  assert.equal(classify(failed("POST", 413, { body: "Too large." })).message, "Too large.");
  assert.match(classify(failed("POST", 403, { body: "<html>", type: "text/html" })).message, /refused this file \(403\)/);
});

test("a file that can't be read any more is asked for", () => {
  assert.equal(classify(new FileUnreadable()).kind, "no-file");
  assert.equal(classify({ causingError: new FileUnreadable() }).kind, "no-file");
});
