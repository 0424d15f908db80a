// The way to the server and back: batches by POST, the feed and presence by a socket, the placed words once.
import { GONE, VIEW_ONLY } from "../../close_codes.js";
import { csrf } from "../../requests.js";
import { CLOSED, createSocket, OPEN, socketUrl } from "../../socket.js";

// Browsers refuse larger requests that outlive their page; what doesn't fit is stored and sent by the next page.
const LARGEST_KEPT_ALIVE = 60_000;

// `onGone` is called once the person has no access any more.
export function createTransport({ urls, client, onGone = () => {} }) {
  let socket = null;
  let isLeaving = false;

  async function post(batch) {
    const body = JSON.stringify(batch);
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf() };
    const keepalive = isLeaving && body.length < LARGEST_KEPT_ALIVE;
    const response = await fetch(urls.edits, { method: "POST", headers, body, keepalive });
    if (response.redirected) return { status: 401, detail: "You are signed out. Sign in again to save your changes." };
    const answer = await response.json().catch(() => ({}));
    return { ...answer, status: response.status };
  }

  return {
    post,
    words: () => fetch(urls.words).then((response) => (response.ok ? response.json() : null)).catch(() => null),
    // `change()` is the last change that the page has.
    open: ({ change, onMessage, onOpen }) => {
      if (!urls.socket) return;
      const url = () => socketUrl(`${urls.socket}?after=${change()}&page=${client}`);
      const onState = (state, { code }) => {
        if (state === OPEN) onOpen();
        if (state === CLOSED && code === GONE) onGone();
      };
      socket = createSocket({ url, onMessage, onState, permanent: [GONE, VIEW_ONLY] });
      socket.open();
    },
    say: (message) => socket?.send(message) ?? false,
    leave: () => { isLeaving = true; },
    back: () => { isLeaving = false; },
    close: () => socket?.close(),
  };
}
