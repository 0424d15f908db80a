// Options and credentials of passkeys, as the browser and the server write them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { base64url, creationOptions, plain, requestOptions } from "../../../static/js/account/passkeys.js";

const bytes = (...values) => new Uint8Array(values).buffer;

test("bytes survive the way to the server and back", () => {
  const text = base64url(bytes(0, 250, 255, 62, 63));
  assert.match(text, /^[\w-]+$/);
  const { publicKey } = requestOptions({ publicKey: { challenge: text, rpId: "localhost" } });
  assert.deepEqual([...publicKey.challenge], [0, 250, 255, 62, 63]);
  assert.deepEqual(publicKey.allowCredentials, []);
  assert.equal(publicKey.rpId, "localhost");
});

test("a passkey that signs in alone is stored on its device and asks who is there", () => {
  const options = { publicKey: { challenge: "AAAA", user: { id: "AQID", name: "a" }, excludeCredentials: [{ id: "AQ", type: "public-key" }], authenticatorSelection: { residentKey: "discouraged" } } };
  const alone = creationOptions(options, { isAlone: true }).publicKey;
  assert.deepEqual(alone.authenticatorSelection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  assert.deepEqual([...alone.user.id], [1, 2, 3]);
  assert.deepEqual([...alone.excludeCredentials[0].id], [1]);
  assert.equal(creationOptions(options, { isAlone: false }).publicKey.authenticatorSelection.residentKey, "discouraged");
});

test("a credential is sent with those fields that it has", () => {
  const response = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null };
  const sent = plain({ id: "x", type: "public-key", rawId: bytes(4), response, getClientExtensionResults: () => ({}) });
  assert.deepEqual(sent.response, { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw" });
  assert.equal(sent.rawId, "BA");
});
