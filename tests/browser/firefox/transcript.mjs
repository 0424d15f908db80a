// The transcript of three segments that the cases correct.
import { open, stage } from "./driver.mjs";

export const LINES = [["Speaker 1", "Hold the paige"], ["Speaker 2", "Thursday works for the paige"], ["Speaker 1", "So be it"]];
export const TEXTS = LINES.map(([, text]) => text);

export async function created() {
  const recording = await stage("recording", { title: "Council meeting" });
  return stage("transcript", { recording, lines: LINES, sound: true });
}

// Opens a transcript, a new one if none is named, and waits until it can be edited.
export async function opened(id = null, options = {}) {
  const page = await open(`/transcripts/${id ?? await created()}/`, options);
  await page.waitForSelector("[data-text][data-painted]");
  return page;
}
