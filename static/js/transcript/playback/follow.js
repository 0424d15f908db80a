// Keeps the spoken word in view during playback, until the reader scrolls away; a button follows it again.

const TOP = 0.3;
const BOTTOM = 0.72;

export function createFollow(button, player) {
  let isFollowing = true;
  let current = null;

  const scroll = () => {
    const box = current?.getBoundingClientRect();
    if (!box?.height) return;
    if (box.top > innerHeight * TOP && box.bottom < innerHeight * BOTTOM) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: box.top - innerHeight * 0.42, behavior: isCalm ? "auto" : "smooth" });
  };

  const leave = () => {
    isFollowing = false;
    button.hidden = false;
  };
  const leaveDuringPlayback = () => player.isPlaying && leave();
  const leaveByKey = (event) => ["PageUp", "PageDown", "Home", "End"].includes(event.key) && leaveDuringPlayback();
  const listeners = { wheel: leaveDuringPlayback, touchmove: leaveDuringPlayback, keydown: leaveByKey };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener, { passive: true });

  const resume = () => {
    isFollowing = true;
    button.hidden = true;
    scroll();
  };
  button.addEventListener("click", resume);

  return {
    update: (range) => {
      current = range;
      if (isFollowing && player.isPlaying) scroll();
    },
    resume,
    leave,
    toggle: () => (isFollowing ? leave() : resume()),
    stop: () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener);
    },
  };
}
