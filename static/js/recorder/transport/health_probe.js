// Polls the server's health endpoint by plain requests: browsers delay sockets to an address at which sockets keep failing.
import { jitter } from "../../backoff.js";

const HEALTH_URL = "/healthz";
const INTERVAL_MS = 1_000;
// A request may take this long; the next one does not wait for its answer.
const TIMEOUT_MS = 4_000;

// A proxy in front of a server that is down answers with 502 to 504.
const isHealthy = (answer) => answer && answer.status < 500;

// Calls `onHealthy` once, when the server answers. The first request is sent immediately, or after an interval. Returns
// what stops the polling.
export function probeHealth(onHealthy, { isImmediate }) {
  let isStopped = false;
  let timer = 0;

  const stop = () => {
    isStopped = true;
    clearTimeout(timer);
  };

  const request = async () => {
    timer = setTimeout(request, jitter(INTERVAL_MS));
    const options = { method: "HEAD", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(TIMEOUT_MS) };
    const answer = await fetch(HEALTH_URL, options).catch(() => null);
    if (isStopped || !isHealthy(answer)) return;
    stop();
    onHealthy();
  };

  timer = setTimeout(request, isImmediate ? 0 : jitter(INTERVAL_MS));
  return stop;
}
