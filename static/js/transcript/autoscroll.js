// Keeps the end of a text that grows in view while it is in sight. The browser tells whether it is: asking would lay out the page
// at each word.

const NEAR_PX = 160;

// `button` jumps to the end. While `isHeld()` nothing scrolls on its own; `onJump()` is called before a jump.
export function createAutoscroll({ end, button, isHeld = () => false, onJump = () => {} }) {
  let isFollowing = true;
  let frame = 0;
  const observer = new IntersectionObserver(([entry]) => {
    isFollowing = entry.isIntersecting;
    if (button) button.hidden = isFollowing;
  }, { rootMargin: `0px 0px ${NEAR_PX}px` });
  observer.observe(end);

  function scroll() {
    if (!isFollowing || frame || isHeld()) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      scrollTo({ top: document.documentElement.scrollHeight });
    });
  }

  function jump() {
    onJump();
    isFollowing = true;
    scroll();
  }

  button?.addEventListener("click", jump);
  return { scroll, jump, end: () => observer.disconnect() };
}
