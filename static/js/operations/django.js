// Names what Django's own pages leave without one for screen readers: empty heads of columns, and fields that search.

// Returns the words of the label of a field, or of the column that it is in.
function wordsOf(field) {
  const label = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label) return label.textContent.replace(":", "").trim();
  const cell = field.closest("td");
  const heads = [...(cell?.closest("table")?.tHead?.rows[0]?.cells ?? [])];
  return heads[cell?.cellIndex]?.textContent.trim().replace(/\?$/, "") || "Choose";
}

function nameHeads() {
  for (const head of document.querySelectorAll("th")) {
    if (head.textContent.trim() || head.querySelector("input, img")) continue;
    const words = document.createElement("span");
    words.className = "unseen";
    words.textContent = "Row";
    head.append(words);
  }
}

function nameFields() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    for (const box of select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? []) {
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", wordsOf(select));
    }
  }
}

// Fields in the rows of a table are named by their column.
function nameCells() {
  for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])")) {
    if (!field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", wordsOf(field));
  }
}

// What scrolls sideways is reached by the keyboard as well.
function reachTables() {
  for (const box of document.querySelectorAll(".tabular, #changelist .results")) box.tabIndex = 0;
}

export function completeDjango() {
  nameHeads();
  reachTables();
  nameCells();
  // Django's scripts make fields when they like, also after the page is loaded and with each row that is added
  new MutationObserver(() => {
    nameFields();
    nameCells();
  }).observe(document.body, { childList: true, subtree: true });
}
