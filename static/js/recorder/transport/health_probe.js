// Whether the server is back, by plain requests: browsers hold back sockets to where sockets keep failing.

const ASK = "/healthz";
const EVERY_MS = 1000;
// Its own answer may take so long; the next question does not wait for it.
const PATIENCE_MS = 4000;

// A quarter more or less, so that a thousand pages do not come at once.
export function jittered(ms) {
  return ms * (0.75 + Math.random() / 2);
}

// Calls `back` once the server answers; the first question is put `now`, or after a while. Returns what ends the asking.
export function ask(back, now) {
  let over = false;
  let timer = 0;
  const end = () => {
    over = true;
    clearTimeout(timer);
  };
  const once = async () => {
    timer = setTimeout(once, jittered(EVERY_MS));
    const wishes = { method: "HEAD", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) };
    const answer = await fetch(ASK, wishes).catch(() => null);
    // A proxy in front of a server that is down answers with 502 to 504.
    if (over || !answer || answer.status >= 500) return;
    end();
    back();
  };
  timer = setTimeout(once, now ? 0 : jittered(EVERY_MS));
  return end;
}
