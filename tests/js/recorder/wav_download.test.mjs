// The file of unsent audio is one that any player opens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { wavOf } from "../../../static/js/recorder/wav_download.js";

test("frames become a 16-bit mono WAV file with every sample", async () => {
  const frames = [new Int16Array([1, 2]).buffer, new Int16Array([3]).buffer];
  const file = new DataView(await wavOf(frames, 16_000).arrayBuffer());
  const text = (at) => String.fromCharCode(...Array.from({ length: 4 }, (_, index) => file.getUint8(at + index)));
  assert.deepEqual([text(0), text(8), text(12), text(36)], ["RIFF", "WAVE", "fmt ", "data"]);
  assert.deepEqual([file.getUint32(4, true), file.getUint32(40, true), file.byteLength], [42, 6, 50]);
  assert.deepEqual([file.getUint16(20, true), file.getUint16(22, true), file.getUint32(24, true), file.getUint16(34, true)], [1, 1, 16_000, 16]);
  assert.deepEqual([44, 46, 48].map((at) => file.getInt16(at, true)), [1, 2, 3]);
});
