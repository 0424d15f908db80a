// Finds a text or a regular expression in rows, and says what a replacement makes of each place.

const LETTER = "[\\p{L}\\p{N}\\p{M}_]";
const memo = new WeakMap();

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");

// Returns the text without accents, and for each of its characters where it is in the original.
export function folded(text) {
  let plain = "";
  const places = [];
  let at = 0;
  for (const character of text) {
    const base = character.normalize("NFD").replace(/\p{M}/gu, "");
    plain += base;
    for (let index = 0; index < base.length; index++) places.push(at);
    at += character.length;
  }
  places.push(at);
  return { plain, places };
}

function foldedOf(row) {
  if (!memo.has(row)) memo.set(row, folded(row.text));
  return memo.get(row);
}

// A query is { text, isCase, isWord, isAccent, isRegex }. Throws SyntaxError for an expression that can't be read.
export function expressionOf({ text, isCase, isWord, isAccent, isRegex }) {
  const wanted = isRegex ? text : escaped(isAccent ? text : folded(text).plain);
  const source = isWord ? `(?<!${LETTER})(?:${wanted})(?!${LETTER})` : wanted;
  return new RegExp(source, `dgu${isCase ? "" : "i"}`);
}

// Returns [{ id, from, to, text, groups }] in the order of the rows, in characters of each text.
export function findIn(rows, query) {
  if (!query.text) return [];
  const expression = expressionOf(query);
  const found = [];
  for (const row of rows) {
    const { plain, places } = query.isAccent ? { plain: row.text, places: null } : foldedOf(row);
    const original = (index) => (places ? places[index] : index);
    for (const match of plain.matchAll(expression)) {
      if (!match[0]) continue;
      const spans = match.indices.map((span) => span && row.text.slice(original(span[0]), endOf(row.text, original, span[1])));
      const from = original(match.index);
      const to = endOf(row.text, original, match.index + match[0].length);
      found.push({ id: row.id, from, to, text: row.text.slice(from, to), groups: spans });
    }
  }
  return found;
}

// Accents that follow the last letter belong to it.
function endOf(text, original, index) {
  let end = original(index);
  if (end === undefined) end = text.length;
  return end;
}

// Returns what takes the place of a match. In expressions $1 to $99 are its groups, $& is all of it and $$ a dollar.
export function replacementOf(match, replacement, isRegex) {
  if (!isRegex) return replacement;
  return replacement.replace(/\$(\$|&|\d{1,2})/gu, (whole, name) => {
    if (name === "$") return "$";
    const index = name === "&" ? 0 : Number(name);
    return index < match.groups.length ? match.groups[index] ?? "" : whole;
  });
}

// Returns the words around a match: { before, after }.
export function around(text, { from, to }, length = 24) {
  const before = text.slice(Math.max(0, from - length), from);
  const after = text.slice(to, to + length);
  return { before: from > length ? `…${before}` : before, after: to + length < text.length ? `${after}…` : after };
}
