// Which transcript belongs to which media file.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { paired, sendTranscript } from "../../../static/js/uploads/transcript_files.js";

const files = (...names) => names.map((name) => ({ name }));
const shown = ({ pairs, alone }) => [pairs.map(({ file, transcript }) => [file.name, transcript?.name]), alone.map(({ name }) => name)];
const { document, fetch } = globalThis;

afterEach(() => Object.assign(globalThis, { document, fetch }));

test("a transcript belongs to the media of the same name, whatever the case", () => {
  const found = paired(files("b.mp4", "A.MP3", "a.srt", "c.docx"));
  assert.deepEqual(shown(found), [[["b.mp4", undefined], ["A.MP3", "a.srt"]], ["c.docx"]]);
});

test("one of each with different names are not taken for a pair", () => {
  assert.deepEqual(shown(paired(files("REC001.wav", "interview.txt"))), [[["REC001.wav", undefined]], ["interview.txt"]]);
});

test("a transcript without media is named", () => {
  assert.deepEqual(shown(paired(files("interview.txt"))), [[], ["interview.txt"]]);
});

test("a refusal has the reason of the server", async () => {
  globalThis.document = { cookie: "csrftoken=x" };
  globalThis.fetch = async () => ({ json: async () => ({ detail: "Line 2: this isn’t a subtitle time." }) });
  const sent = await sendTranscript(new File(["x"], "a.srt"));
  assert.deepEqual(sent, { message: "a.srt: Line 2: this isn’t a subtitle time. The recording was not uploaded." });
  const alone = await sendTranscript(new File(["x"], "a.srt"), "It was not imported.");
  assert.deepEqual(alone, { message: "a.srt: Line 2: this isn’t a subtitle time. It was not imported." });
});
