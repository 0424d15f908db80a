// A text of hours in parts of some lines each: what is out of sight costs the browser nothing, not even one by one.

const LINES = 60;

// The children of `sheet` before `end` go into parts; `place` puts another where its moment (`data-at`) wants it.
export function parts(sheet, end) {
  const made = () => Object.assign(document.createElement("div"), { className: "part" });
  const at = (node) => Number(node.dataset.at);

  const flat = [...sheet.children].slice(0, [...sheet.children].indexOf(end));
  for (let first = 0; first < flat.length; first += LINES) {
    const part = made();
    end.before(part);
    part.append(...flat.slice(first, first + LINES));
  }

  // Almost everything belongs at the end, so the place is looked for from there.
  function place(node, moment) {
    let part = end.previousElementSibling;
    while (part?.previousElementSibling && at(part.firstElementChild) > moment) part = part.previousElementSibling;
    let after = part?.lastElementChild;
    while (after && at(after) > moment) after = after.previousElementSibling;
    if (after) after.after(node);
    else if (part) part.prepend(node);
    if (part && (part !== end.previousElementSibling || part.children.length <= LINES)) return;
    // The last part is full, or there is none: what came last begins another.
    const last = part ? part.lastElementChild : node;
    const next = made();
    next.append(last);
    end.before(next);
  }

  return { place };
}
