// The audio of a stretch that a worker is still cutting: the page asks for it until it is there.
const EVERY_MS = 2_000;
const ATTEMPTS = 150;
const FAILED = "The audio of this part could not be prepared. The text is complete.";

// Returns what ends it.
export function awaitAudio(element, deck) {
  const media = element.querySelector("[data-audio]");
  const waiting = element.querySelector("[data-audio-waiting]");
  const url = media.dataset.src;
  let left = ATTEMPTS;
  let timer = setTimeout(ask, EVERY_MS);

  async function ask() {
    const status = await fetch(url, { method: "HEAD" }).then((response) => response.status, () => 0);
    if (status === 200) return show();
    left -= 1;
    if (left) timer = setTimeout(ask, EVERY_MS);
    else waiting.textContent = FAILED;
    return undefined;
  }

  function show() {
    media.src = url;
    deck.hidden = false;
    waiting.hidden = true;
  }

  return () => clearTimeout(timer);
}
