// The socket that brings events, and the line that says when it is away. Events are hints: pages refetch.

import { SIGNED_OUT } from "./close_codes.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
// A short break is nobody's business.
const QUIET_MS = 1_500;

export function connection(element) {
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let quiet = 0;
  let refusals = 0;

  const show = (which) => {
    for (const line of element.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== which;
  };

  const tell = (detail) => document.dispatchEvent(new CustomEvent("verbatim:event", { detail }));

  // A socket that is refused is opened first: the server's first message says that it stays.
  const ready = () => {
    refusals = 0;
    wait = FIRST_WAIT_MS;
    clearTimeout(quiet);
    quiet = 0;
    show(navigator.onLine ? "" : "offline");
  };

  const closed = ({ code }) => {
    socket = null;
    delete document.documentElement.dataset.live;
    // A new password gives this browser a new sign-in: only the second refusal means that it has none.
    refusals = code === SIGNED_OUT ? refusals + 1 : 0;
    clearTimeout(quiet);
    quiet = 0;
    if (refusals > 1) show("signed-out");
    else quiet = setTimeout(() => show(navigator.onLine ? "reconnecting" : "offline"), QUIET_MS);
    clearTimeout(timer);
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };

  const open = () => {
    if (socket) return;
    clearTimeout(timer);
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/events/`);
    socket.addEventListener("message", (message) => {
      const detail = JSON.parse(message.data);
      if (detail.event === "ready") ready();
      tell(detail);
    });
    socket.addEventListener("close", closed);
  };

  addEventListener("online", () => {
    show(socket?.readyState === WebSocket.OPEN ? "" : "reconnecting");
    wait = FIRST_WAIT_MS;
    open();
  });
  addEventListener("offline", () => show("offline"));
  addEventListener("pagehide", () => socket?.close());
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
