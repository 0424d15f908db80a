// Warnings about limits that the server reports: silence, minutes, a full disk, no free slot. The recording itself obeys
// them; this is what the page shows.

const SAVED = "everything recorded is saved.";

export function createLimitWarnings({ part, send }) {
  let shown = "";

  const show = (type, text) => {
    shown = type;
    part("limit").textContent = text;
    part("warning").hidden = !text;
    part("continue").hidden = type !== "silence";
  };
  const clear = (type) => shown === type && show("", "");

  part("continue").addEventListener("click", () => {
    send({ type: "go_on" });
    clear("silence");
  });

  const handlers = {
    silence: ({ left_s: seconds }) => show("silence", `No speech is detected. In ${seconds} seconds the session ends; ${SAVED}`),
    sound: () => clear("silence"),
    minutes: ({ sentence }) => show("minutes", `${sentence} Then the session ends; ${SAVED}`),
    full: ({ sentence }) => show("full", sentence),
    ack: () => clear("full"),
    refused: ({ sentence }) => show("refused", sentence),
    hello: () => clear("refused"),
    stop: ({ sentence }) => show("stop", `${sentence} The session ends; ${SAVED}`),
  };
  return (message) => handlers[message.type]?.(message);
}
