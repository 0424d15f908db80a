// What the page asks for besides the text: the waveform, the team's vocabulary, and what the team corrected before.
import { csrf } from "../../requests.js";

const asJson = (response) => (response.ok ? response.json() : null);

// Resolves to { peaks, durationMs }, null if there is no waveform.
export async function loadLevels(url) {
  const found = url ? await fetch(url).then(asJson).catch(() => null) : null;
  return found?.peaks?.length && found.duration_ms ? { peaks: found.peaks, durationMs: found.duration_ms } : null;
}

// Resolves to { terms: [{ term, sounds_like }], corrections: [{ was, became, count }] }.
export async function loadVocabulary(url) {
  const found = url ? await fetch(url).then(asJson).catch(() => null) : null;
  return found ?? { terms: [], corrections: [] };
}

// Resolves to whether a term was added.
export function addTerm(url, { term, sounds_like: sounds }) {
  const body = new URLSearchParams({ term, sounds_like: sounds.join(", ") });
  return fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, body }).then(({ ok }) => ok, () => false);
}
