// Reads WebVTT from standard input with the parser of the W3C's validator, and writes its errors and cues as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { WebVTTParser } = require("webvtt-parser");
const entities = require("webvtt-parser/html-entities.json");

const { cues, errors } = new WebVTTParser(entities).parse(readFileSync(0, "utf8"), "subtitles");
console.log(JSON.stringify({ errors, cues: cues.map(({ startTime, endTime }) => [startTime, endTime]) }));
