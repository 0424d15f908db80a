// The names of members, offered while someone writes `@` and the beginning of one in a field of the comments.
import { make } from "../dom.js";

const MOST_NAMES = 6;
const GAP_PX = 4;
const AT = /(?:^|[^\p{L}\p{N}@])@([\p{L}\p{N}.’'-]*(?: [\p{L}\p{N}.’'-]*)?)$/u;

// Returns { from, typed }, the place of an `@` and what follows it up to the caret, or null.
export function beginningAt(text, caret) {
  const found = AT.exec(text.slice(0, caret));
  return found && { from: caret - found[1].length - 1, typed: found[1] };
}

// Returns the names that begin so, in whole or in one of their words; none once a name is complete.
export function namesLike(names, typed) {
  const wanted = typed.toLocaleLowerCase();
  const begins = (name) => name.startsWith(wanted) || (!wanted.includes(" ") && name.split(" ").some((word) => word.startsWith(wanted)));
  const found = names.filter((name) => begins(name.toLocaleLowerCase()));
  return found.some((name) => name.toLocaleLowerCase() === wanted) ? [] : found.slice(0, MOST_NAMES);
}

// Fields are all text areas of `panel`; `names()` returns those who can be named. The focus stays in the field.
export function createMemberNames({ panel, names }) {
  const list = make("ul", { className: "member-names", role: "listbox", id: "member-names", "aria-label": "Members", hidden: true });
  let field = null;
  let place = null;
  let active = 0;
  panel.append(list);

  function close() {
    list.hidden = true;
    for (const name of ["aria-activedescendant", "aria-controls"]) field?.removeAttribute(name);
    field = null;
  }

  function show(area) {
    place = area.selectionStart === area.selectionEnd ? beginningAt(area.value, area.selectionStart) : null;
    const found = place ? namesLike(names(), place.typed) : [];
    if (!found.length) return close();
    field = area;
    list.replaceChildren(...found.map((name, at) => make("li", { role: "option", id: `member-name-${at}`, data: { name } }, make("bdi", {}, name))));
    list.hidden = false;
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-autocomplete", "list");
    mark(0);
    return moveBelow(area.getBoundingClientRect());
  }

  function moveBelow(box) {
    const hasRoom = box.bottom + GAP_PX + list.offsetHeight < innerHeight;
    Object.assign(list.style, { left: `${box.left}px`, width: `${box.width}px`, top: `${hasRoom ? box.bottom + GAP_PX : box.top - GAP_PX - list.offsetHeight}px` });
  }

  function mark(at) {
    active = (at + list.children.length) % list.children.length;
    for (const [number, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(number === active));
    field.setAttribute("aria-activedescendant", list.children[active].id);
  }

  function choose(option) {
    const area = field;
    close();
    area.setRangeText(`@${option.dataset.name} `, place.from, area.selectionStart, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function keyed(event) {
    if (list.hidden || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { Enter: () => choose(list.children[active]), Tab: () => choose(list.children[active]), Escape: close, ArrowDown: () => mark(active + 1), ArrowUp: () => mark(active - 1) }[event.key];
    if (!act || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // Escape closes the list, not the form
    act();
  }

  function pressed(event) {
    const option = event.target.closest("[role=option]");
    event.preventDefault(); // the field keeps the focus
    if (option) choose(option);
  }

  panel.addEventListener("input", ({ target }) => target.matches("textarea") && show(target));
  panel.addEventListener("keydown", keyed, { capture: true });
  panel.addEventListener("focusout", close);
  list.addEventListener("pointerdown", pressed);

  return {
    // Offers names that came after someone began to write one.
    refresh: () => {
      const area = document.activeElement;
      if (list.hidden && area?.matches("textarea") && panel.contains(area)) show(area);
    },
  };
}
