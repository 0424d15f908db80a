// What the tray asks about a file that the team has already: open that recording, upload the file again, or leave it out.
import htmx from "htmx.org";
import { formatDay } from "../clock.js";
import { csrf } from "../requests.js";

// Says where the file is already, in one sentence.
export function knownMessage({ title, by, at, team, is_transcribed, restore }) {
  const where = restore ? `In the trash of ${team}` : `${is_transcribed ? "Transcribed" : "Uploaded"} already in ${team}`;
  return `${where}: “${title}”, added ${by && `by ${by} `}${formatDay(new Date(at))}. Nothing was sent.`;
}

// Shows the link to the recording, or what takes it out of the trash.
export function showKnown(row, { href, restore }) {
  const link = row.querySelector("[data-known-link]");
  link.hidden = Boolean(restore);
  if (restore) return;
  link.href = href;
  htmx.process(row);
}

export function hideKnown(row) {
  row.querySelector("[data-known-link]").hidden = true;
}

// Resolves to whether the recording is out of the trash.
export async function restoreKnown({ restore }) {
  const sent = { method: "POST", headers: { "X-CSRFToken": csrf() } };
  return fetch(restore, sent).then((response) => response.ok, () => false);
}

// One answer for all, once there are several questions.
export function createAnswerForAll(element, answer) {
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-all]");
    if (button) answer(button.dataset.all);
  });
  return (count) => {
    element.hidden = count < 2;
    element.querySelector("[data-known-count]").textContent = `${count} of these files are here already.`;
  };
}
