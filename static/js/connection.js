// The events connection, and the message that appears while it is away. Events are hints: pages refetch.
import { createSocket, OPEN, socketUrl, WAITING } from "./socket.js";

// A shorter interruption is not worth a message.
const QUIET_MS = 1_500;

export function connection(element) {
  let quietTimer = 0;

  const show = (which) => {
    clearTimeout(quietTimer);
    for (const message of element.querySelectorAll("[data-when]")) message.hidden = message.dataset.when !== which;
  };

  const problem = () => (navigator.onLine ? "reconnecting" : "offline");

  function follow(state, { refusals }) {
    if (state === OPEN) return show(navigator.onLine ? "" : "offline");
    document.documentElement.removeAttribute("data-events");
    if (state !== WAITING) return;
    if (refusals > 1) return show("signed-out");
    clearTimeout(quietTimer);
    quietTimer = setTimeout(() => show(problem()), QUIET_MS);
  }

  const socket = createSocket({
    url: () => socketUrl("/ws/events/"),
    onMessage: (detail) => document.dispatchEvent(new CustomEvent("verbatim:event", { detail })),
    onState: follow,
  });

  addEventListener("online", () => show(socket.state === OPEN ? "" : "reconnecting"));
  addEventListener("offline", () => show("offline"));
  addEventListener("pagehide", socket.close);
  addEventListener("pageshow", (event) => event.persisted && socket.open());
  socket.open();
}
