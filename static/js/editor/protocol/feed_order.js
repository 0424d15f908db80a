// Puts numbered changes into their order. What stays missing is requested.

// Changes can arrive out of order: a gap may close without a request.
const GAP_MS = 700;

// `last()` is the change that the page has, `take(message)` takes the next one, `request(change)` asks for what came after one.
export function createFeedOrder({ last, take, request, setTimer, clearTimer }) {
  const early = new Map();
  let timer = 0;

  function stop() {
    clearTimer(timer);
    timer = 0;
  }

  // A change with this number exists.
  function expect(number) {
    if (number <= last() || timer) return;
    timer = setTimer(() => {
      timer = 0;
      request(last());
      expectEarly();
    }, GAP_MS);
  }

  const expectEarly = () => { if (early.size) expect(Math.max(...early.keys())); };

  // Takes what follows, after the page has got further.
  function advance() {
    for (let next = early.get(last() + 1); next; next = early.get(last() + 1)) {
      early.delete(next.change);
      take(next);
    }
    for (const number of early.keys()) if (number <= last()) early.delete(number);
    if (!early.size) stop();
  }

  return {
    expect,
    advance,
    add: (message) => {
      early.set(message.change, message);
      advance();
      expectEarly();
    },
    end: stop,
  };
}
