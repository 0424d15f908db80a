// The person's settings: read from the page, changed here, stored on the server a moment later, and sent again if that failed.
import { csrf } from "../requests.js";

const URL = "/account/preferences/";
const REST_MS = 500;

const read = () => JSON.parse(document.getElementById("preferences")?.textContent || "{}");

function send(changes) {
  const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/json" };
  return fetch(URL, { method: "POST", headers, body: JSON.stringify(changes), keepalive: true });
}

export function createPreferences({ values = {}, store = send, setTimer = setTimeout, clearTimer = clearTimeout } = {}) {
  const subscribers = new Set();
  let unsent = {};
  let timer = 0;

  // What the server refuses (4xx) would be refused again; what it never received waits for the next change or the network.
  async function flush() {
    clearTimer(timer);
    const changes = unsent;
    if (!Object.keys(changes).length) return;
    unsent = {};
    const status = await store(changes).then((response) => response.status, () => 0);
    if (status === 0 || status >= 500) unsent = { ...changes, ...unsent };
  }

  function set(name, value) {
    values = { ...values, [name]: value };
    unsent[name] = value;
    clearTimer(timer);
    timer = setTimer(flush, REST_MS);
    subscribers.forEach((subscriber) => subscriber(name, value));
  }

  // Returns what ends it. The subscriber gets the name and the value of each change.
  function subscribe(subscriber) {
    subscribers.add(subscriber);
    return () => subscribers.delete(subscriber);
  }

  return { get: (name) => values[name], set, subscribe, flush };
}

let shared = null;

// The settings of this page's person.
export function preferences() {
  if (shared) return shared;
  // A guest's are those of this page alone
  const store = document.getElementById("preferences") ? send : () => Promise.resolve({ status: 204 });
  shared = createPreferences({ values: read(), store });
  addEventListener("pagehide", shared.flush);
  addEventListener("online", shared.flush);
  return shared;
}
