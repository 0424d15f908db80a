// When a part of the page can be replaced: it is looked at, and no act in it is open or being typed into.

export function isIdle(element, page = document) {
  if (page.hidden || element.querySelector("details[open]")) return false;
  return !page.activeElement?.matches("input, textarea, select") || !element.contains(page.activeElement);
}

// Returns what is to be called each second: it calls `fetch` once so many have passed and the part is idle.
export function createTimer(seconds, idle, fetch) {
  let passed = 0;
  return () => {
    passed += 1;
    if (passed < seconds || !idle()) return;
    passed = 0;
    fetch();
  };
}
