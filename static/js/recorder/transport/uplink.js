// The way to the server: frames in their order, each kept until the server has it; again after every break.
import { ask, jittered } from "./health_probe.js";
import { ELSEWHERE, FULL, GONE, SIGNED_OUT, TOO_FAST, VIEW_ONLY } from "../../close_codes.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
// So long the server may leave a new socket without its hello, and frames without a word: then the socket is dead,
// though nobody said so. From the doubt on, a plain request that is answered proves it sooner.
const HELLO_MS = 10_000;
const DOUBT_MS = 1200;
const ANSWER_MS = 5000;
// So many frames may be under way without the server's word: five seconds.
const WINDOW = 50;
const LEAST_WINDOW = 5;
// A server without room for more is asked again after this.
const FULL_AGAIN_MS = 3_000;
// How a server closes permanently. A page whose session another one records watches from then on.
const FOR_GOOD = { [SIGNED_OUT]: "signed-out", [VIEW_ONLY]: "view-only", [GONE]: "over", [FULL]: "refused" };
const WATCH_AFTER_MS = 500;
const STOP = '{"type":"stop"}';
// In the place of a frame that this browser lost, so that what follows keeps its time.
const SILENCE = new ArrayBuffer(3200);

function packet(number, sound) {
  const bytes = new Uint8Array(4 + sound.byteLength);
  new DataView(bytes.buffer).setUint32(0, number);
  bytes.set(new Uint8Array(sound), 4);
  return bytes;
}

// `page` is what this page calls itself. `hear(message)` gets what the server says, `changed(state, seconds)` how the
// connection is, and `last()` is the number of the last change that is known.
//
// The page that recorded last holds the session again with each connection. Any other only watches until `take` is
// called, which is for a person's press alone: never for a load of the page or a network that is back.
export function link({ url, page, kept, hear, changed, last = () => 0 }) {
  let socket = null;
  let taking = false; // someone asked to record here, and the server doesn't know yet
  let watching = false; // the server said that another page records
  let refusals = 0; // in a row, for want of a sign-in
  let greeted = false; // the server said where to go on
  let wait = FIRST_WAIT_MS;
  let timer = 0; // of the next attempt
  let patience = 0; // with a server that owes a word
  let doubt = 0; // when to ask whether it is there at all
  let asking = null; // ends it
  let answered = false; // when last asked, the server was there, and yet there is no connection
  let ended = false;
  let stopping = false;
  let safe = 0; // the server has all before this
  let forgotten = 0; // and this browser nothing before this
  let next = 0; // the next to send
  let end = 0; // the next to come from the microphone
  let counted = true; // `end` is known
  let noted = 0; // the server has at least so many, from whichever page
  let sending = false;
  let holding = 0; // the timer of a full disk
  let allowed = WINDOW;
  const early = []; // sound that has no number yet
  const fresh = new Map(); // frames that the browser's storage has not yet

  function open() {
    clearTimeout(timer);
    if (ended || socket) return;
    changed("connecting");
    watching = false;
    const mine = new WebSocket(`${url}?page=${page}${taking ? "&take=1" : ""}&after=${last()}`);
    socket = mine;
    mine.binaryType = "arraybuffer";
    mine.addEventListener("message", ({ data }) => mine === socket && heard(JSON.parse(data)));
    mine.addEventListener("close", ({ code }) => mine === socket && lost(code));
    expectWord(HELLO_MS);
    lookOut();
  }

  function expectWord(within) {
    patience ||= setTimeout(() => { letGo(); lost(0); }, within);
    // While the last words are awaited a new connection would only disturb.
    if (!stopping || !greeted) doubt ||= setTimeout(() => lookOut(true), DOUBT_MS);
  }

  function trust() {
    clearTimeout(patience);
    clearTimeout(doubt);
    patience = doubt = 0;
  }

  // A socket whose other end is gone would take minutes to close.
  function letGo() {
    const dead = socket;
    socket = null;
    dead?.close();
    trust();
    greeted = false;
  }

  function lost(code) {
    letGo();
    if (ended) return;
    if (code === ELSEWHERE) {
      giveUp();
      stopping = false;
      changed("elsewhere");
      timer = setTimeout(open, WATCH_AFTER_MS);
      return;
    }
    refusals = code === SIGNED_OUT ? refusals + 1 : 0;
    // A new password gives this browser a new sign-in, with which the next connection succeeds.
    if (refusals === 1) {
      open();
      return;
    }
    if (code in FOR_GOOD) {
      giveUp();
      if (code === FULL) stopping = taking = false;
      changed(FOR_GOOD[code]);
      return;
    }
    if (code === TOO_FAST) allowed = Math.max(LEAST_WINDOW, Math.floor(allowed / 2));
    const pause = jittered(wait);
    changed(code === TOO_FAST ? "slow" : "reconnecting", Math.ceil(pause / 1000));
    timer = setTimeout(() => { answered = false; open(); }, pause);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    lookOut();
  }

  // While sound waits, seconds count: however long the pause is, the server is asked each second whether it is back.
  function lookOut(doubting = !greeted) {
    if (asking || answered || watching || !doubting || ended || (end === safe && !stopping)) return;
    asking = ask(() => {
      asking = null;
      answered = true;
      letGo(); // an attempt that hangs while the server answers
      open();
    }, greeted);
  }

  function giveUp() {
    clearTimeout(timer);
    asking?.();
    asking = null;
  }

  function heard(message) {
    trust();
    if (asking) giveUp();
    // One that doesn't say who records only answers what was missed.
    if (message.type === "hello" && "holds" in message) refusals = 0;
    if (message.type === "hello" && "next" in message) greet(message.next);
    else if (message.holds === false) watch(message.frames);
    if ("next" in message) acknowledged(message.next, message.synced ?? 0);
    if (message.type === "again" || message.type === "full") next = message.next;
    if (message.type === "full") hold();
    if (stopping) expectWord(HELLO_MS); // it says the time each second until the end
    else if (greeted && next > safe) expectWord(ANSWER_MS);
    hear(message);
    send();
  }

  function greet(number) {
    giveUp();
    wait = FIRST_WAIT_MS;
    answered = false;
    greeted = true;
    taking = false;
    next = number;
    // A server whose power failed may have lost what it had acknowledged; it is here still.
    safe = Math.min(safe, number);
    changed("connected");
  }

  function watch(frames) {
    giveUp();
    wait = FIRST_WAIT_MS;
    watching = true;
    stopping = false;
    // Another browser recorded: how far is known once this one does.
    noted = Math.max(noted, frames ?? 0);
    counted &&= end >= noted;
    changed("watching");
  }

  // The server has what lies before `number`, and even a power cut leaves it what lies before `synced`.
  function acknowledged(number, synced) {
    if (synced > forgotten) forget(synced);
    safe = Math.max(safe, number);
    end = Math.max(end, safe);
    next = Math.max(next, safe);
    counted = true;
    early.splice(0).forEach((sound) => push(sound).catch(() => {}));
    askToEnd();
  }

  function hold() {
    clearTimeout(holding);
    holding = setTimeout(() => { holding = 0; send(); }, FULL_AGAIN_MS);
  }

  function forget(before) {
    forgotten = before;
    kept.forget(before);
    for (const number of fresh.keys()) if (number < before) fresh.delete(number);
  }

  async function send() {
    if (sending || holding) return;
    sending = true;
    try {
      while (greeted && !holding && next < end && next - safe < allowed) await sendOne(next++);
    } catch {
      next = safe; // the browser's storage failed for once; the next frame or answer tries again
    } finally {
      sending = false;
    }
  }

  async function sendOne(number) {
    const mine = socket;
    const sound = fresh.get(number) ?? (await kept.get(number)) ?? SILENCE;
    if (mine !== socket || mine.readyState !== WebSocket.OPEN || number < safe) return;
    expectWord(ANSWER_MS);
    mine.send(packet(number, sound));
  }

  async function push(sound) {
    if (!counted) {
      early.push(sound);
      return;
    }
    const number = end++;
    fresh.set(number, sound);
    lookOut();
    send();
    await kept.put(number, sound);
    fresh.delete(number);
  }

  function askToEnd() {
    if (!stopping || !greeted || safe !== end) return;
    socket.send(STOP);
    expectWord(HELLO_MS);
  }

  // Records here from now on, whichever page did before. Only a person's press may call this.
  function take() {
    if (greeted) return;
    taking = true;
    clearTimeout(timer);
    letGo();
    open();
  }

  addEventListener("online", open);
  return {
    open,
    take,
    get holds() { return greeted; },
    // Whether the number of the next frame is known.
    get counted() { return counted; },
    // Takes the next frame. Rejects where the browser's storage is full; the frame is sent all the same.
    push,
    get end() { return end; },
    get waiting() { return end - safe; },
    // The frames that the server has not; a single one may be only the one by which is counted.
    unsent: async () => {
      const frames = [];
      for (let number = safe; number < end; number++) {
        const sound = fresh.get(number) ?? (await kept.get(number));
        if (sound || frames.length) frames.push(sound ?? SILENCE);
      }
      return frames.length > 1 ? frames : [];
    },
    tell: (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
    // Goes on counting at this number; where it is not `sure`, the server's count is waited for.
    begin: (number, sure) => { end = Math.max(end, number); counted = sure && end >= noted; },
    // Ends the session once the server has every frame, however often the way there breaks.
    stop: () => {
      stopping = true;
      take();
      lookOut();
      askToEnd();
    },
    close: () => {
      ended = true;
      giveUp();
      letGo();
      clearTimeout(holding);
      removeEventListener("online", open);
    },
  };
}
