// Who speaks how long, and which names fit what is typed.

// Returns the speakers who have a segment, the longest first, each with `ms`, `share` (0 to 1) and `count` of segments.
export function talkTimes(rows, speakers) {
  const times = new Map(speakers.map((one) => [one.id, { ...one, ms: 0, count: 0 }]));
  for (const { speaker, start_ms: start = 0, end_ms: end = 0 } of rows) {
    const one = times.get(speaker);
    if (!one) continue;
    one.ms += Math.max(0, end - start);
    one.count += 1;
  }
  const present = [...times.values()].filter(({ count }) => count);
  const whole = present.reduce((sum, { ms }) => sum + ms, 0) || 1;
  return present.map((one) => ({ ...one, share: one.ms / whole })).sort((one, other) => other.ms - one.ms || one.number - other.number);
}

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

// Whether a word of the name begins with what is typed, whatever its accents.
export function fits(name, typed) {
  const [whole, start] = [folded(name), folded(typed)];
  return whole.startsWith(start) || whole.split(/\s+/u).some((word) => word.startsWith(start));
}

const segments = (count) => (count === 1 ? "its one segment" : `all ${count} segments`);

// Returns what can be chosen: [{ kind, text, speaker?, label? }]. `current` is the speaker of the segment with its `count`, or null;
// `names` are those that the team has used.
export function choicesFor({ typed, speakers, current, names }) {
  const label = typed.trim();
  const own = speakers.filter((one) => fits(one.label, label)).map((one) => ({ kind: "assign", speaker: one.id, text: one.label }));
  const isKnown = speakers.some((one) => folded(one.label) === folded(label));
  const added = !label || isKnown ? [] : [
    ...(current ? [{ kind: "rename", label, text: `Rename “${current.label}” to “${label}” in ${segments(current.count)}` }] : []),
    { kind: "add", label, text: `“${label}” for this selection only` },
  ];
  const taken = new Set(speakers.map((one) => folded(one.label)));
  const offered = names.filter((name) => fits(name, label) && !taken.has(folded(name)) && folded(name) !== folded(label));
  return [...own, ...added, ...offered.map((name) => ({ kind: "name", label: name, text: name }))];
}
