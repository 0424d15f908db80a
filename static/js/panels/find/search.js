// Runs searches: texts here, expressions in a worker that has a deadline.
import { findIn } from "./matches.js";

const DEADLINE_MS = 2_000;
export const TOO_LONG = "This expression takes too long. Make it simpler.";
export const UNREADABLE = "This expression can’t be read.";

// `createWorker()` returns a new worker of `worker.js`.
export function createSearch({ createWorker, setTimer = setTimeout, clearTimer = clearTimeout, deadlineMs = DEADLINE_MS }) {
  let running = null;

  function stop() {
    running?.end();
    running = null;
  }

  function inWorker(rows, query) {
    return new Promise((done, fail) => {
      const worker = createWorker();
      const end = () => { clearTimer(timer); worker.terminate(); };
      const settle = (act) => { end(); running = null; act(); };
      const timer = setTimer(() => settle(() => fail(new Error(TOO_LONG))), deadlineMs);
      worker.onmessage = ({ data }) => settle(() => (data.error ? fail(new Error(UNREADABLE)) : done(data.found)));
      worker.onerror = () => settle(() => fail(new Error(UNREADABLE)));
      running = { end };
      worker.postMessage({ rows: rows.map(({ id, text }) => ({ id, text })), query });
    });
  }

  return {
    // Resolves to the matches; a search that is under way is dropped and never resolves.
    find: async (rows, query) => {
      stop();
      return query.isRegex && query.text ? inWorker(rows, query) : findIn(rows, query);
    },
    stop,
  };
}
