// Tells the server how far the person has seen the transcript, when they leave the page or hide it.
import { csrf } from "../requests.js";

function beacon(url, fields) {
  navigator.sendBeacon(url, new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrf() }));
}

// `change()` is the number of the last change that the page shows. Returns what ends it.
export function watchSeen({ url, change, send = beacon }) {
  let sent = -1;

  function left() {
    const seen_change = change();
    if (seen_change <= sent) return;
    sent = seen_change;
    send(url, { seen_change });
  }

  const hidden = () => document.visibilityState === "hidden" && left();
  addEventListener("pagehide", left);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    left();
    removeEventListener("pagehide", left);
    document.removeEventListener("visibilitychange", hidden);
  };
}
