// Quotations of the transcript: the words with who said them, when, and a link to the moment; and their audio.
import { formatDuration } from "../clock.js";

const COPY_WITH = "verbatim-copy-with";
const MOMENT = /^#t=(?:(\d+):)?(\d{1,2}):(\d{2})$/u;

// Returns the ms of #t=1:02:03 or #t=2:03, or null.
export function momentOf(hash) {
  const found = MOMENT.exec(hash);
  if (!found) return null;
  const [, hours = 0, minutes, seconds] = found.map((part) => part ?? undefined);
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

// `pieces` are [{ label, text }] in their order.
export function quotation({ pieces, title, date, startMs, address }) {
  const hasSeveral = new Set(pieces.map(({ label }) => label)).size > 1;
  const said = hasSeveral ? pieces.map(({ label, text }) => `${label || "No speaker"}: “${text}”`) : [`“${pieces.map(({ text }) => text).join(" ")}”`];
  const source = [hasSeveral ? "" : pieces[0].label, title, date, formatDuration(startMs)].filter(Boolean).join(", ");
  return `${said.join("\n")}\n— ${source}\n${address}#t=${formatDuration(startMs)}`;
}

// Whether what is copied has speakers and times: "speakers" or "".
export const copyWith = (storage = localStorage) => (storage.getItem(COPY_WITH) === "speakers" ? "speakers" : "");

export function setCopyWith(value, storage = localStorage) {
  if (value) storage.setItem(COPY_WITH, value);
  else storage.removeItem(COPY_WITH);
}
