// Changes are numbered: a page that missed one notices by the number that follows, and asks.

const PATIENCE_MS = 700;

// `ask(change)` asks for everything after that change.
export function counter(last, ask) {
  const ahead = new Set();
  let timer = 0;

  function settle() {
    while (ahead.delete(last + 1)) last += 1;
    for (const change of ahead) if (change <= last) ahead.delete(change);
    if (!ahead.size) {
      clearTimeout(timer);
      timer = 0;
    } else {
      timer ||= setTimeout(() => { timer = 0; ask(last); settle(); }, PATIENCE_MS);
    }
  }

  return {
    get last() { return last; },
    // One change came.
    came: (change) => { if (change > last) { ahead.add(change); settle(); } },
    // Everything up to this change came.
    upTo: (change) => { last = Math.max(last, change); settle(); },
    end: () => clearTimeout(timer),
  };
}
