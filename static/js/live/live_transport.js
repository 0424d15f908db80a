// The way of the editor on the page of a live session: batches by POST, the feed and presence through the session's own socket.
import { createTransport } from "../editor/protocol/transport.js";

// `send(message)` sends through the socket, and returns whether it could.
export function createLiveTransport({ data, client, send }) {
  const early = [];
  let opened = null;
  let isGreeted = false;

  // The first answer to a connection says who holds the session; an answer to `since` doesn't.
  function pass(message) {
    if (message.type === "hello" && (!isGreeted || "holds" in message)) {
      isGreeted = true;
      opened.onOpen();
    }
    opened.onMessage(message);
  }

  const isForEditor = ({ type, change }) => change !== undefined || type === "here" || type === "left";

  return {
    ...createTransport({ urls: data.urls, client }),
    // What comes before the editor has started waits for it.
    open: (options) => {
      opened = options;
      early.splice(0).forEach(pass);
    },
    say: send,
    close: () => { opened = null; },
    receive: (message) => {
      if (isForEditor(message)) opened ? pass(message) : early.push(message);
    },
    // The last change that this page has.
    get change() { return opened ? opened.change() : data.change; },
  };
}
