// Times as people write them: h:mm:ss.mmm.
const pad = (number, length) => String(number).padStart(length, "0");

// Returns 0:01:02.345.
export function formatTime(ms) {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 3_600)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${pad(ms % 1_000, 3)}`;
}

// Returns 1:02.345, with hours only if there are any.
export const formatShortTime = (ms) => formatTime(ms).replace(/^0:0?/u, "");

// Returns the ms of h:mm:ss.mmm, mm:ss or ss.mmm, with a sign if `isSigned`; null for anything else.
export function readTime(text, { isSigned = false } = {}) {
  const found = /^([+\-−])?\s*(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?$/u.exec(text.trim());
  if (!found || (found[1] && !isSigned) || (found[3] && Number(found[4]) > 59) || (found[2] && Number(found[3]) > 59)) return null;
  const [, sign, hours = 0, minutes = 0, seconds, fraction = "0"] = found;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, "0"));
  return sign && sign !== "+" ? -ms : ms;
}
