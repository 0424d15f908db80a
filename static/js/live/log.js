// Reads new final words to screen readers: the text itself is a field to edit, which no change announces.

const MOST_LINES = 20;

// `node` is the log, `rows` are those that the page begins with: they are read, not announced.
export function createLog(node, rows) {
  const known = new Set(rows.map(([id]) => id));

  function add({ text, language }) {
    const line = document.createElement("p");
    line.textContent = text;
    if (language) line.lang = language;
    node.append(line);
    while (node.children.length > MOST_LINES) node.firstElementChild.remove();
  }

  return {
    // Announces what was said. Returns whether there was something.
    take: ({ rows: came = [] }) => {
      const said = came.filter((row) => !known.has(row.id) && !row.gone && !row.from && row.origin === "machine" && row.text);
      came.forEach((row) => known.add(row.id));
      said.forEach(add);
      return said.length > 0;
    },
  };
}
