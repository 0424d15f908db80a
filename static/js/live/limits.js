// What the server says of its limits: silence, minutes, a full disk, no free place.

// With more than this under way what the server hears is long ago: the page was away and sends what it kept.
const BACKLOG = 100;

export function limits({ part, tell, stop, waiting }) {
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
    silence: ({ left_s }) => show("silence", `Nothing is heard. In ${left_s} seconds the session ends; everything said is kept.`),
    sound: () => clear("silence"),
    minutes: ({ sentence }) => show("minutes", `${sentence} Then the session ends; everything said is kept.`),
    full: ({ sentence }) => show("full", sentence),
    ack: () => clear("full"),
    refused: ({ sentence }) => show("refused", sentence),
    hello: () => clear("refused"),
    stop: ({ because, sentence }) => {
      if (because === "silence" && waiting() > BACKLOG) return;
      show("stop", `${sentence} The session ends; everything said is kept.`);
      stop();
    },
  };
  return (message) => heard[message.type]?.(message);
}
