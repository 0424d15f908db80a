// What the server says of its limits: silence, minutes, a full disk, no free place.

// The recording itself obeys; this is what the page shows.
export function limits({ part, tell }) {
  let shown = "";
  const show = (type, sentence) => {
    shown = type;
    part("limit").textContent = sentence;
    part("warning").hidden = !sentence;
    part("go-on").hidden = type !== "silence";
  };
  const clear = (type) => shown === type && show("", "");

  part("go-on").addEventListener("click", () => {
    tell({ type: "go_on" });
    clear("silence");
  });

  const heard = {
    silence: ({ left_s }) => show("silence", `No speech is detected. In ${left_s} seconds the session ends; everything recorded is saved.`),
    sound: () => clear("silence"),
    minutes: ({ sentence }) => show("minutes", `${sentence} Then the session ends; everything recorded is saved.`),
    full: ({ sentence }) => show("full", sentence),
    ack: () => clear("full"),
    refused: ({ sentence }) => show("refused", sentence),
    hello: () => clear("refused"),
    stop: ({ sentence }) => show("stop", `${sentence} The session ends; everything recorded is saved.`),
  };
  return (message) => heard[message.type]?.(message);
}
