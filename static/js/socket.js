// A WebSocket that reconnects: the only one of the application, under every connection it has.
//
// It is in one of four states. A refused socket is accepted first and closed then, so that the page can read the code:
// only a message proves that a connection is open.
//
//   connecting → open → waiting (for the next attempt, with backoff) → connecting …
//   any of them → closed (permanently, by a close code, until someone opens it again)
import { createBackoff } from "./backoff.js";
import { SIGNED_OUT } from "./close_codes.js";

export const CONNECTING = "connecting";
export const OPEN = "open";
export const WAITING = "waiting";
export const CLOSED = "closed";

// A new connection without a message for this long is dead, though no one said so. Each further one is given longer: a server
// with too much to do would never finish what it is asked for again each time.
const FIRST_MESSAGE_MS = 10_000;
const MOST_MS = 40_000;
const NO_CODE = 0;

export const socketUrl = (path) => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;

// `url()` is asked before each attempt. `onMessage(message)` gets what the server sends, parsed. `onState(state, detail)`
// gets each state with the close `code`, how often the sign-in was missing in a row (`refusals`), and `delayMs` while waiting.
// After a close with one of the `permanent` codes nothing is attempted until `open` is called.
export function createSocket({ url, onMessage, onState = () => {}, permanent = [] }) {
  const backoff = createBackoff();
  let connection = null;
  let state = CLOSED;
  let refusals = 0;
  let retryTimer = 0;
  let watchdog = 0;
  let patienceMs = FIRST_MESSAGE_MS;

  function enter(next, detail = {}) {
    state = next;
    onState(next, detail);
  }

  function open() {
    addEventListener("online", retryNow);
    clearTimeout(retryTimer);
    if (connection) return;
    enter(CONNECTING);
    const opened = new WebSocket(url());
    opened.binaryType = "arraybuffer";
    opened.addEventListener("message", ({ data }) => opened === connection && receive(JSON.parse(data)));
    opened.addEventListener("close", ({ code }) => opened === connection && lose(code));
    connection = opened;
    expectMessage(patienceMs);
  }

  // The connection is lost unless a message arrives in time. An earlier deadline stays.
  function expectMessage(withinMs) {
    watchdog ||= setTimeout(expire, withinMs);
  }

  function expire() {
    if (state === CONNECTING) patienceMs = Math.min(2 * patienceMs, MOST_MS);
    lose(NO_CODE);
  }

  function receive(message) {
    clearWatchdog();
    if (state !== OPEN) {
      refusals = 0;
      patienceMs = FIRST_MESSAGE_MS;
      backoff.reset();
      enter(OPEN);
    }
    onMessage(message);
  }

  function lose(code) {
    abandon();
    refusals = code === SIGNED_OUT ? refusals + 1 : 0;
    // A new password gives this browser a new sign-in, with which the next connection succeeds.
    if (refusals === 1) return open();
    if (permanent.includes(code)) return enter(CLOSED, { code, refusals });
    const delayMs = backoff.next();
    retryTimer = setTimeout(open, delayMs);
    enter(WAITING, { code, refusals, delayMs });
  }

  // A socket whose other end is gone would take minutes to close: it is not waited for.
  function abandon() {
    const dead = connection;
    connection = null;
    dead?.close();
    clearWatchdog();
  }

  function clearWatchdog() {
    clearTimeout(watchdog);
    watchdog = 0;
  }

  function retryNow() {
    if (state !== WAITING) return;
    backoff.reset();
    open();
  }

  return {
    open,
    expectMessage,
    get state() { return state; },
    // Identifies the present connection, so that slow work can tell whether it is still the same.
    get connection() { return connection; },
    get canSend() { return connection?.readyState === WebSocket.OPEN; },
    // Returns whether the message was sent.
    send: (message) => {
      if (connection?.readyState !== WebSocket.OPEN) return false;
      connection.send(message instanceof Uint8Array ? message : JSON.stringify(message));
      return true;
    },
    // Gives up the present connection and opens another immediately.
    reconnect: () => {
      abandon();
      open();
    },
    close: () => {
      removeEventListener("online", retryNow);
      clearTimeout(retryTimer);
      abandon();
      state = CLOSED;
    },
  };
}
