// The connection of a page that watches a live session: reconnects after every interruption and receives what it missed.
import { GONE, SIGNED_OUT } from "../close_codes.js";
import { createSocket, OPEN, WAITING } from "../socket.js";

// `lastChange()` is the number of the last change that is known, `page` what the page calls itself to others. `reload()` asks
// for the page again.
export function createViewer({ url, page = "", showStatus, onMessage, lastChange, reload = () => location.reload() }) {
  const socket = createSocket({
    url: () => `${url}?after=${lastChange()}${page && `&page=${page}`}`,
    onMessage,
    onState: (state, { code, refusals }) => {
      if (state === OPEN) showStatus("Watching", "good");
      if (state === WAITING && isOver(code, refusals)) leave();
      else if (state === WAITING) showStatus("Reconnecting …", "warn");
    },
  });

  // The session ended, or is not for this person any more. Without a sign-in the page asks for one.
  const isOver = (code, refusals) => code === GONE || (code === SIGNED_OUT && refusals > 1);

  function leave() {
    socket.close();
    reload();
  }

  socket.open();
  return { send: socket.send, end: socket.close };
}
