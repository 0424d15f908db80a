// The picture of a video: docked above the text, floating over it, or hidden; the audio plays on.

const PLACES = ["docked", "floating", "hidden"];

export function createPicture(root, settings) {
  const frame = root.querySelector("[data-picture]");
  if (!frame) return null;
  const buttons = [...root.querySelectorAll("[data-picture-place]")];

  function show(place) {
    frame.dataset.place = place;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.picturePlace === place));
  }

  function choose(place) {
    settings.set("picture", place);
    show(place);
  }

  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.picturePlace));
  show(settings.get("picture") ?? PLACES[0]);
  return { next: () => choose(PLACES[(PLACES.indexOf(frame.dataset.place) + 1) % PLACES.length]) };
}
