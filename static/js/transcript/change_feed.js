// The numbers of the changes that a page has. A gap means that some were missed: they are requested.

// Changes can arrive out of order: a gap may close without a request.
const GAP_MS = 700;

// `request(change)` asks for everything after that change.
export function createChangeFeed(last, request) {
  const ahead = new Set();
  let timer = 0;

  function settle() {
    while (ahead.delete(last + 1)) last += 1;
    for (const change of ahead) if (change <= last) ahead.delete(change);
    if (!ahead.size) {
      clearTimeout(timer);
      timer = 0;
    } else {
      timer ||= setTimeout(() => { timer = 0; request(last); settle(); }, GAP_MS);
    }
  }

  return {
    get last() { return last; },
    // One change arrived.
    add: (change) => { if (change > last) { ahead.add(change); settle(); } },
    // Everything up to this change arrived.
    advanceTo: (change) => { last = Math.max(last, change); settle(); },
    end: () => clearTimeout(timer),
  };
}
