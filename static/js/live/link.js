// The way to the server: frames in their order, each kept until the server has it; again after every break.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
// So many frames may be under way without the server's word: five seconds.
const WINDOW = 50;
const LEAST_WINDOW = 5;
// A server without room for more is asked again after this.
const FULL_AGAIN_MS = 3_000;

function packet(number, sound) {
  const bytes = new Uint8Array(4 + sound.byteLength);
  new DataView(bytes.buffer).setUint32(0, number);
  bytes.set(new Uint8Array(sound), 4);
  return bytes;
}

// `hear(message)` gets what the server says, `changed(state, seconds)` how the connection is.
export function link({ url, kept, hear, changed }) {
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let ended = false;
  let safe = 0; // the server has all before this
  let next = 0; // the next to send
  let end = 0; // the next to come from the microphone
  let sending = false;
  let holding = 0; // the timer of a full disk
  let allowed = WINDOW;
  let drained = null;

  const open = () => {
    clearTimeout(timer);
    if (ended || socket) return;
    changed("connecting");
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => heard(JSON.parse(data)));
    socket.addEventListener("close", closed);
  };

  function closed(event) {
    socket = null;
    if (ended) return;
    if (event.code === 4409) return changed("elsewhere");
    if (event.code === 4404) return changed("over");
    if (event.code === 4429) return changed("refused");
    // It cannot write as fast as this page sends.
    if (event.code === 1013) allowed = Math.max(LEAST_WINDOW, Math.floor(allowed / 2));
    const pause = wait * (0.75 + Math.random() / 2);
    changed(event.code === 1013 ? "slow" : "reconnecting", Math.ceil(pause / 1000));
    timer = setTimeout(open, pause);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function heard(message) {
    // One without a number only answers what was missed
    if (message.type === "hello" && "next" in message) {
      wait = FIRST_WAIT_MS;
      next = message.next;
      changed("connected");
    }
    if ("next" in message) acknowledged(message.next);
    if (message.type === "again" || message.type === "full") next = message.next;
    if (message.type === "full") hold();
    hear(message);
    send();
  }

  function acknowledged(number) {
    if (number > safe) kept.forget(number);
    safe = Math.max(safe, number);
    end = Math.max(end, safe);
    next = Math.max(next, safe);
    if (safe >= end) drained?.();
  }

  function hold() {
    clearTimeout(holding);
    holding = setTimeout(() => { holding = 0; send(); }, FULL_AGAIN_MS);
  }

  async function send() {
    if (sending || holding) return;
    sending = true;
    while (socket?.readyState === WebSocket.OPEN && !holding && next < end && next - safe < allowed) {
      const number = next++;
      const sound = await kept.get(number);
      if (sound && socket?.readyState === WebSocket.OPEN) socket.send(packet(number, sound));
    }
    sending = false;
  }

  addEventListener("online", open);
  return {
    open,
    get waiting() { return end - safe; },
    get end() { return end; },
    begin: (number) => { end = Math.max(end, number); },
    push: async (sound) => {
      const number = end;
      await kept.put(number, sound);
      end = number + 1;
      send();
    },
    tell: (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
    // Resolves once the server has every frame.
    drain: () => new Promise((resolve) => {
      drained = resolve;
      if (safe >= end) resolve();
      send();
    }),
    close: () => {
      ended = true;
      clearTimeout(timer);
      clearTimeout(holding);
      removeEventListener("online", open);
      socket?.close();
    },
  };
}
