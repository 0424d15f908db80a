// The connection of a page to its live session: sends the audio in order, each frame stored until the server has it, and
// reconnects after every interruption.
//
// The page that recorded last holds the session again with each connection. Any other only watches until `take` is called,
// which is for a person's press alone: never for a page load or a network that is back.
import { ELSEWHERE, FULL, GONE, SIGNED_OUT, TOO_FAST, VIEW_ONLY } from "../../close_codes.js";
import { CLOSED, CONNECTING, createSocket, OPEN } from "../../socket.js";
import { createFrameQueue } from "./frame_queue.js";
import { probeHealth } from "./health_probe.js";

// Without a message for this long while one is due, the connection is dead. After the doubt the server's health is polled,
// whose answer proves sooner that a new connection would succeed.
const MESSAGE_MS = 10_000;
const ACK_MS = 5_000;
const DOUBT_MS = 1_200;
// A server whose disk is full is tried again after this.
const DISK_FULL_MS = 3_000;
const STATES = { [SIGNED_OUT]: "signed-out", [VIEW_ONLY]: "view-only", [GONE]: "over", [FULL]: "refused" };

// Returns a frame as it is sent: its number, then its samples.
function packet(number, audio) {
  const bytes = new Uint8Array(4 + audio.byteLength);
  new DataView(bytes.buffer).setUint32(0, number);
  bytes.set(new Uint8Array(audio), 4);
  return bytes;
}

// `page` is the identifier of this page. `onMessage(message)` gets what the server sends, `onState(state, seconds)` how the
// connection is, and `lastChange()` returns the number of the last change that is known.
export function createUplink({ url, page, storage, onMessage, onState, lastChange = () => 0 }) {
  const queue = createFrameQueue(storage);
  let isTaking = false; // someone pressed Start here, and the server doesn't know yet
  let isHolder = false; // the server said which frame it wants from this page
  let isWatching = false; // the server said that another page records
  let isStopping = false;
  let isClosed = false;
  let isSending = false;
  let isProbed = false; // the present attempt follows a health probe: a server that is there can still refuse sockets
  let isReconnectedByProbe = false;
  let stopProbe = null;
  let doubtTimer = 0;
  let diskFullTimer = 0;

  const socket = createSocket({
    url: () => `${url}?page=${page}${isTaking ? "&take=1" : ""}&after=${lastChange()}`,
    permanent: Object.keys(STATES).map(Number),
    onMessage: receive,
    onState: follow,
  });

  function follow(state, detail) {
    if (state === OPEN) return;
    clearDoubt();
    isHolder = false;
    if (state === CONNECTING) connecting();
    else if (state === CLOSED) closed(detail);
    else waiting(detail);
  }

  function connecting() {
    isWatching = false;
    isProbed = isReconnectedByProbe;
    isReconnectedByProbe = false;
    onState("connecting");
    doubt();
    probe();
  }

  function closed({ code }) {
    endProbe();
    if (code === FULL) isStopping = isTaking = false;
    onState(STATES[code]);
  }

  function waiting({ code, delayMs }) {
    if (code === ELSEWHERE) {
      endProbe();
      isStopping = false;
      onState("elsewhere");
      return;
    }
    if (code === TOO_FAST) queue.narrow();
    onState(code === TOO_FAST ? "slow" : "reconnecting", Math.ceil(delayMs / 1000));
    probe();
  }

  function expectMessage(withinMs) {
    socket.expectMessage(withinMs);
    // While the last words are awaited, a new connection would only disturb.
    if (!isStopping || !isHolder) doubt();
  }

  function doubt() {
    doubtTimer ||= setTimeout(() => probe({ isDoubtful: true }), DOUBT_MS);
  }

  function clearDoubt() {
    clearTimeout(doubtTimer);
    doubtTimer = 0;
  }

  // While audio waits, seconds count: however long the backoff is, the server is asked each second whether it is back.
  function probe({ isDoubtful = !isHolder } = {}) {
    const isIdle = queue.isComplete && !isStopping;
    if (stopProbe || isProbed || isWatching || isClosed || isIdle || !isDoubtful) return;
    stopProbe = probeHealth(reconnectByProbe, { isImmediate: isHolder });
  }

  // Replaces an attempt that hangs while the server answers.
  function reconnectByProbe() {
    stopProbe = null;
    isReconnectedByProbe = true;
    socket.reconnect();
  }

  function endProbe() {
    stopProbe?.();
    stopProbe = null;
  }

  function receive(message) {
    clearDoubt();
    endProbe();
    if (message.type === "hello" && "next" in message) hold(message.next);
    else if (message.holds === false) watch(message.frames ?? 0);
    if ("next" in message) acknowledge(message.next, message.synced ?? 0);
    if (message.type === "again" || message.type === "full") queue.rewindTo(message.next);
    if (message.type === "full") pauseSending();
    if (isStopping) expectMessage(MESSAGE_MS); // the server sends the time each second until the end
    else if (isHolder && queue.isAwaitingAck) expectMessage(ACK_MS);
    onMessage(message);
    send();
  }

  function hold(number) {
    isHolder = true;
    isTaking = isProbed = false;
    queue.resumeAt(number);
    onState("connected");
  }

  function watch(frames) {
    isWatching = true;
    isStopping = isProbed = false;
    queue.reportFrames(frames);
    onState("watching");
  }

  function acknowledge(number, synced) {
    queue.acknowledge(number, synced);
    finish();
  }

  function pauseSending() {
    clearTimeout(diskFullTimer);
    diskFullTimer = setTimeout(() => { diskFullTimer = 0; send(); }, DISK_FULL_MS);
  }

  async function send() {
    if (isSending || diskFullTimer) return;
    isSending = true;
    try {
      while (isHolder && !diskFullTimer && queue.canSend) await sendFrame(queue.take());
    } catch {
      queue.retry(); // the browser's storage failed once; the next frame or message tries again
    } finally {
      isSending = false;
    }
  }

  async function sendFrame({ number, audio }) {
    const { connection } = socket;
    const bytes = packet(number, await audio);
    if (connection !== socket.connection || !socket.canSend || number < queue.acknowledged) return;
    expectMessage(ACK_MS);
    socket.send(bytes);
  }

  // Ends the session if that was asked for and the server has every frame.
  function finish() {
    if (!isStopping || !isHolder || !queue.isComplete) return;
    socket.send({ type: "stop" });
    expectMessage(MESSAGE_MS);
  }

  // Records here from now on, whichever page did before. Only a person's press may call this.
  function take() {
    if (isHolder || isClosed) return;
    isTaking = true;
    socket.reconnect();
  }

  return {
    open: () => isClosed || socket.open(),
    take,
    get isHolder() { return isHolder; },
    // Whether the number of the next frame is known.
    get isCounted() { return queue.isCounted; },
    get end() { return queue.end; },
    get unacknowledged() { return queue.unacknowledged; },
    countFrom: queue.countFrom,
    unsent: queue.unsent,
    // Takes the next frame. Rejects if the browser's storage is full; the frame is sent all the same.
    push: (audio) => {
      const stored = queue.push(audio);
      probe();
      send();
      return stored;
    },
    send: (message) => socket.send(message),
    // Ends the session once the server has every frame, however often the connection breaks.
    stop: () => {
      isStopping = true;
      take();
      probe();
      finish();
    },
    close: () => {
      isClosed = true;
      endProbe();
      clearDoubt();
      clearTimeout(diskFullTimer);
      socket.close();
    },
  };
}
