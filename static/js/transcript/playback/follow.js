// Keeps the spoken word in view while it plays, until somebody scrolls away; a button takes them back.

const TOP = 0.3;
const BOTTOM = 0.72;

export function createFollow(button, player) {
  let following = true;
  let latest = null;

  const bring = () => {
    const box = latest?.getBoundingClientRect();
    if (!box?.height) return;
    if (box.top > innerHeight * TOP && box.bottom < innerHeight * BOTTOM) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: box.top - innerHeight * 0.42, behavior: calm ? "auto" : "smooth" });
  };

  const leave = () => {
    following = false;
    button.hidden = false;
  };
  const left = () => player.isPlaying && leave();
  const keyed = (event) => ["PageUp", "PageDown", "Home", "End"].includes(event.key) && left();
  const listeners = { wheel: left, touchmove: left, keydown: keyed };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener, { passive: true });

  const back = () => {
    following = true;
    button.hidden = true;
    bring();
  };
  button.addEventListener("click", back);

  return {
    see: (range) => {
      latest = range;
      if (following && player.isPlaying) bring();
    },
    back,
    leave,
    stop: () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener);
    },
  };
}
