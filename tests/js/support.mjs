// What modules need of a browser: storage, timers, locks and sockets that a test controls.

export class Storage {
  #items = new Map();
  full = false;
  get length() { return this.#items.size; }
  key(at) { return [...this.#items.keys()][at] ?? null; }
  getItem(key) { return this.#items.get(key) ?? null; }
  setItem(key, text) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.#items.set(key, String(text));
  }
  removeItem(key) { this.#items.delete(key); }
}

export class Clock {
  #due = new Map();
  #next = 1;
  now = 0;
  setTimer = (act, ms) => { this.#due.set(this.#next, { at: this.now + ms, act }); return this.#next++; };
  clearTimer = (id) => { this.#due.delete(id); };
  // Lets this much time pass, and runs what falls due in its order.
  async pass(ms) {
    const until = this.now + ms;
    for (;;) {
      const next = [...this.#due].filter(([, one]) => one.at <= until).sort(([, one], [, other]) => one.at - other.at)[0];
      if (!next) break;
      this.#due.delete(next[0]);
      this.now = next[1].at;
      next[1].act();
      await turn();
    }
    this.now = until;
    await turn();
  }
}

// Lets everything run that needs no time.
export const turn = () => new Promise((done) => setImmediate(done));

// The Web Locks of one browser.
export class Locks {
  #held = new Map();
  #waiting = [];
  async request(name, options, act) {
    if (this.#held.has(name)) {
      if (options.ifAvailable) return act(null);
      await new Promise((go, fail) => {
        this.#waiting.push({ name, go });
        options.signal?.addEventListener("abort", () => fail(options.signal.reason));
      });
    }
    this.#held.set(name, true);
    try {
      return await act({ name });
    } finally {
      this.#held.delete(name);
      const at = this.#waiting.findIndex((one) => one.name === name);
      if (at >= 0) this.#waiting.splice(at, 1)[0].go();
    }
  }
}

// Replaces the browser's WebSocket and its window events. `sockets` are all that were opened, `last` the newest.
export class Network {
  sockets = [];
  #listeners = new Map();

  constructor() {
    const { sockets } = this;
    globalThis.addEventListener = (name, act) => this.#listeners.set(name, act);
    globalThis.removeEventListener = (name) => this.#listeners.delete(name);
    globalThis.fetch = async () => ({ status: 503 });
    globalThis.WebSocket = class extends FakeSocket {
      constructor(url) {
        super(url);
        sockets.push(this);
      }
    };
  }

  get last() { return this.sockets.at(-1); }
  // The browser says that the network is back.
  comesOnline() { this.#listeners.get("online")?.(); }
}

class FakeSocket {
  static OPEN = 1;
  readyState = 1;
  sent = [];
  #handlers = {};
  constructor(url) { this.query = new URL(url, "ws://server").searchParams; }
  addEventListener(name, act) { this.#handlers[name] = act; }
  send(data) { this.sent.push(data); }
  close() { this.readyState = 3; }
  // What the server does.
  says(message) { this.#handlers.message({ data: JSON.stringify(message) }); }
  closes(code) { this.readyState = 3; this.#handlers.close({ code }); }
  // What the page sent, by kind.
  get frames() { return this.sent.filter((one) => typeof one !== "string").map((one) => new DataView(one.buffer).getUint32(0)); }
  get messages() { return this.sent.filter((one) => typeof one === "string").map((one) => JSON.parse(one)); }
}
