// How much of the transcript is reviewed, in the header: as the server counted it with the last change.

// Returns whole percents, rounded down: all is reviewed only at 100.
export const percentOf = ({ words, reviewed }) => (words ? Math.floor((100 * reviewed) / words) : 0);

// Returns what takes a message of the feed. An answer can arrive after what came later: it is left out.
export function createProgress(root) {
  let known = 0;

  return ({ change = 0, review }) => {
    const place = root.querySelector("[data-reviewed]");
    if (!review || !place || change < known) return;
    known = change;
    const percent = percentOf(review);
    place.querySelector("progress").value = percent;
    place.querySelector("[data-percent]").textContent = String(percent);
    place.toggleAttribute("data-complete", percent === 100);
  };
}
