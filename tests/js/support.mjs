// A browser's storage and a clock that a test turns by hand.

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
  later = (act, ms) => { this.#due.set(this.#next, { at: this.now + ms, act }); return this.#next++; };
  never = (id) => { this.#due.delete(id); };
  // Lets this much time pass, and everything that falls due happen in its order.
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

// Lets everything happen that needs no time.
export const turn = () => new Promise((done) => setImmediate(done));

// Web Locks of one browser; `tab()` gives a tab's, which loses its locks when it closes.
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
