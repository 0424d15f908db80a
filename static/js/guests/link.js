// Whether the link still works: when it is revoked or expires, the page says so and takes nothing more.
import { GONE } from "../close_codes.js";
import { CLOSED, createSocket, socketUrl } from "../socket.js";

// `close()` is called once the link has ended. Returns what ends the watch.
export function watchLink(element, close) {
  const notice = element.querySelector("[data-link-ended]");

  function ended() {
    notice.hidden = false;
    // Nothing more comes by this link
    element.querySelector("[data-audio]")?.pause();
    close();
  }

  const socket = createSocket({
    url: () => socketUrl(element.dataset.link),
    onMessage: () => {},
    onState: (state, { code } = {}) => state === CLOSED && code === GONE && ended(),
    permanent: [GONE],
  });
  socket.open();
  return socket.close;
}
