// Selecting rows of the library, and what is done with them: the dock at the bottom of the page.
import { formatDuration } from "../clock.js";
import { bindHotkeys } from "../hotkeys.js";
import { createActs } from "./bulk_acts.js";
import { createSelected } from "./selected.js";

const rowsHere = () => [...document.querySelectorAll("#library-list [data-recording]:has([data-pick])")];
const durationOf = (row) => Number(row.dataset.duration) || 0;
const described = (row) => ({ id: row.dataset.recording, durationMs: durationOf(row) });
// The row that one is at: the one with the focus, else the one under the pointer.
const present = () => document.activeElement.closest?.("#library-list .row") ?? document.querySelector("#library-list .row:hover");

// The filter that the list shows; a page of it is no filter.
function filterOf() {
  const query = new URL(document.getElementById("library-list").dataset.href, location.href).searchParams;
  for (const name of ["before", "after"]) query.delete(name);
  return query.toString();
}

export function selection(element) {
  const bar = element.querySelector("[data-dock-bar]");
  const allButton = element.querySelector("[data-dock-all]");
  const selected = createSelected(draw);
  const acts = createActs(element, { selected, filterOf });
  let filter = filterOf();
  let offered = null;

  function draw() {
    const rows = rowsHere();
    for (const row of rows) {
      const isSelected = selected.isAll || selected.has(row.dataset.recording);
      row.toggleAttribute("data-selected", isSelected);
      row.querySelector("[data-pick]").checked = isSelected;
    }
    const { count } = selected;
    bar.hidden = count === 0;
    document.getElementById("library-list").toggleAttribute("data-selecting", count > 0);
    const length = selected.durationMs ? ` ${formatDuration(selected.durationMs)}` : "";
    element.querySelector("[data-dock-count]").textContent = `${count.toLocaleString()} selected${length}`;
    offerAll(rows);
  }

  // Once the whole page is selected, and the filter has more.
  async function offerAll(rows) {
    const isWhole = !selected.isAll && rows.length > 0 && rows.every((row) => selected.has(row.dataset.recording));
    if (!isWhole) offered = null;
    allButton.hidden = !isWhole || !offered;
    if (!isWhole || offered) return;
    const totals = await fetch(`${element.dataset.totals}?${filterOf()}`).then((response) => response.json()).catch(() => null);
    if (!totals || totals.count <= selected.count) return;
    offered = totals;
    allButton.textContent = `Select all ${totals.count.toLocaleString()}`;
    allButton.hidden = selected.isAll;
  }

  function pick(row, isRange) {
    const { id, durationMs } = described(row);
    if (isRange) selected.range(rowsHere().map(described), id);
    else leaveAll() || selected.toggle(id, durationMs);
  }

  // Without one row, all that are on the page stay selected.
  function leaveAll() {
    if (!selected.isAll) return false;
    for (const row of rowsHere()) selected.choose(row.dataset.recording, true, durationOf(row));
    return false;
  }

  function click(event) {
    const box = event.target.closest?.("[data-pick]");
    if (box) pick(box.closest("[data-recording]"), event.shiftKey);
  }

  // The list was fetched again, or is another: what another filter had is not what one sees.
  function follow() {
    if (!document.getElementById("library-list")) return;
    if (filterOf() !== filter) {
      filter = filterOf();
      selected.clear();
    }
    draw();
  }

  function select(isRange) {
    const row = present();
    if (row) pick(row, isRange);
  }

  const releaseKeys = bindHotkeys({
    "library.select": () => select(false),
    "library.range": () => select(true),
    "library.clear": () => selected.clear(),
  });
  document.addEventListener("click", click);
  document.addEventListener("verbatim:swapped", follow);
  document.body.addEventListener("htmx:afterSettle", follow);
  allButton.addEventListener("click", () => selected.all(offered));
  element.querySelector("[data-dock-clear]").addEventListener("click", () => {
    selected.clear();
    document.getElementById("page").focus({ preventScroll: true });
  });
  draw();

  return () => {
    releaseKeys();
    acts.release();
    document.removeEventListener("click", click);
    document.removeEventListener("verbatim:swapped", follow);
    document.body.removeEventListener("htmx:afterSettle", follow);
  };
}
