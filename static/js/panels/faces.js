// The people who are here, as initials in the colour of their caret.
import { make } from "./dom.js";

export const initialsOf = (name) => name.split(/\s+/u).filter(Boolean).map((word) => [...word][0]).filter((_, at, all) => at === 0 || at === all.length - 1).join("").toUpperCase();

// One person can have the transcript open on several pages.
export function byPerson(people) {
  const found = new Map();
  for (const one of people) {
    const known = found.get(one.user);
    if (!known || (one.editing && !known.editing)) found.set(one.user, one);
  }
  return [...found.values()];
}

export const sentenceOf = ({ name, editing }) => `${name} is ${editing ? "editing" : "here"}`;

// `go(segment)` leads to where someone is.
export function createFaces(root, go) {
  const place = root.querySelector("[data-faces]");
  const shown = new Map();

  function face(one) {
    const made = make("button", { type: "button", className: `face voice-${one.colour}`, textContent: initialsOf(one.name) });
    made.addEventListener("click", () => go(shown.get(one.user).segment));
    return made;
  }

  // A face that stays is the same element, so that it keeps the focus.
  return (people) => {
    const now = byPerson(people);
    for (const one of now) {
      const element = shown.get(one.user)?.element ?? face(one);
      element.title = sentenceOf(one);
      element.setAttribute("aria-label", sentenceOf(one));
      if (!element.isConnected) place.append(element);
      shown.set(one.user, { element, segment: one.segment });
    }
    for (const [user, { element }] of shown) {
      if (now.some((one) => one.user === user)) continue;
      element.remove();
      shown.delete(user);
    }
  };
}
