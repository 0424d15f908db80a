// The socket of somebody who watches: opened again after every break, with what was missed.

import { GONE, SIGNED_OUT } from "../close_codes.js";

const AGAIN_MS = 1_500;

export function watching({ url, say, hear, last }) {
  let socket = null;
  let timer = 0;
  let ended = false;
  let refusals = 0;

  const open = () => {
    socket = new WebSocket(`${url}?after=${last()}`);
    socket.addEventListener("open", () => say("Watching", "good"));
    socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => {
      if (ended) return;
      // It ended, or is not for this person any more. Without sign-in the page asks for one.
      refusals = code === SIGNED_OUT ? refusals + 1 : 0;
      if (code === GONE || refusals > 1) return location.reload();
      say("Reconnecting …", "warn");
      timer = setTimeout(open, AGAIN_MS * (0.75 + Math.random() / 2));
    });
  };

  open();
  return {
    ask: (message) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
    end: () => { ended = true; clearTimeout(timer); socket.close(); },
  };
}
