// Asks before the document is closed, while there is something to lose. It listens only then: with a listener a browser has to
// wait for the page, at work or not, before it goes anywhere else.

// Returns a function to call with whether something would be lost now.
export function createLeaveGuard() {
  const ask = (event) => event.preventDefault();
  return (isNeeded) => (isNeeded ? addEventListener : removeEventListener)("beforeunload", ask);
}
