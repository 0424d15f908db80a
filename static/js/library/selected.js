// Which recordings are selected: those of the pages that one has seen, or all that the filter has. Knows nothing of the page.

export function createSelected(onChange = () => {}) {
  const durations = new Map();
  let everything = null;
  let last = "";

  const changed = () => onChange();

  function set(id, isSelected, durationMs = 0) {
    everything = null;
    if (isSelected) durations.set(id, durationMs);
    else durations.delete(id);
    last = id;
  }

  // Selects the rows from the last one that was selected or cleared to this one, in the order of the page.
  function range(rows, id) {
    const from = rows.findIndex((row) => row.id === last);
    const to = rows.findIndex((row) => row.id === id);
    const [first, end] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    for (const row of rows.slice(first, end + 1)) set(row.id, true, row.durationMs);
    last = id;
    changed();
  }

  return {
    has: (id) => durations.has(id),
    toggle: (id, durationMs) => { set(id, !durations.has(id), durationMs); changed(); },
    choose: (id, isSelected, durationMs) => { set(id, isSelected, durationMs); changed(); },
    range,
    all: (totals) => { everything = totals; changed(); },
    clear: () => { durations.clear(); everything = null; last = ""; changed(); },
    // Recordings that are gone from the library, as another window deleted them, stay until the server says so.
    get ids() { return [...durations.keys()]; },
    get isAll() { return everything !== null; },
    get count() { return everything?.count ?? durations.size; },
    get durationMs() { return everything?.duration_ms ?? [...durations.values()].reduce((sum, one) => sum + one, 0); },
  };
}
