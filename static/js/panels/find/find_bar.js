// The bar that finds and replaces in the text.
import { formatDuration } from "../../clock.js";
import { make, rested } from "../dom.js";
import { selectedPieces } from "../selection.js";
import { createMarks } from "./marks.js";
import { around, replacementOf } from "./matches.js";
import { createSearch } from "./search.js";

const REST_MS = 150;
const MOST_LISTED = 200;

export function createFindBar({ root, editor, isEditable }) {
  const bar = root.querySelector("[data-finder]");
  const part = (name) => bar.querySelector(`[data-find="${name}"]`);
  const [wanted, replacement, count, list, news, speaker] = ["text", "replacement", "count", "list", "news", "speaker"].map(part);
  const search = createSearch({ createWorker: () => new Worker(bar.dataset.worker, { type: "module" }) });
  const marks = createMarks(editor);
  let matches = [];
  let at = -1;
  let searched = null;

  const isOpen = () => !bar.hidden;
  const query = () => ({ text: wanted.value, ...Object.fromEntries(["isCase", "isWord", "isAccent", "isRegex"].map((name) => [name, part(name).checked])) });
  const rows = () => editor.rows().filter((row) => !speaker.value || row.speaker === speaker.value);

  // `from` is the place that the next match is searched from.
  async function find(from = matches[at] ?? caret()) {
    if (!isOpen()) return;
    searched = editor.view.state.doc;
    try {
      matches = await search.find(rows(), query());
      show(matches.length ? Math.max(0, matches.findIndex((match) => isBehind(match, from))) : -1, "");
    } catch (error) {
      matches = [];
      show(-1, error.message);
    }
  }

  function caret() {
    const piece = selectedPieces(editor.view.state)[0];
    return piece ? { id: piece.id, from: piece.from } : null;
  }

  function isBehind(match, from) {
    if (!from) return true;
    const order = editor.rows().map(({ id }) => id);
    const [one, other] = [order.indexOf(match.id), order.indexOf(from.id)];
    return one > other || (one === other && match.from >= from.from);
  }

  function show(index, sentence) {
    at = index;
    news.textContent = sentence;
    news.classList.toggle("red", Boolean(sentence));
    count.textContent = !wanted.value ? "" : matches.length ? `${at + 1} of ${matches.length}` : "none";
    if (isEditable) part("all").textContent = matches.length ? `Replace all ${matches.length}` : "Replace all";
    marks.paint(matches, at);
    drawList();
  }

  function drawList() {
    const texts = new Map(editor.rows().map((row) => [row.id, row]));
    list.replaceChildren(...matches.slice(0, MOST_LISTED).map((match, index) => listed(match, index, texts.get(match.id))));
    list.hidden = !matches.length || !replacement?.value;
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function listed(match, index, row) {
    const { before, after } = around(row?.text ?? "", match);
    const made = make("button", { type: "button", onclick: () => go(index) },
      make("span", { className: "num soft" }, formatDuration(row?.start_ms ?? 0)), make("span", { dir: "auto" }, before,
        make("del", {}, match.text), make("ins", {}, replacementOf(match, replacement?.value ?? "", query().isRegex)), after));
    return make("li", { "aria-current": String(index === at) }, made);
  }

  function go(index) {
    if (!matches.length) return;
    show((index + matches.length) % matches.length, "");
    const { id, from, to } = matches[at];
    editor.select(id, from, to);
    marks.reveal(matches[at]);
  }

  const pieceOf = (match) => ({ id: match.id, from: match.from, to: match.to, text: replacementOf(match, replacement.value, query().isRegex) });

  async function replaceOne() {
    const match = matches[at];
    if (!match || !isEditable) return;
    const piece = pieceOf(match);
    editor.replace([piece]);
    await find({ id: piece.id, from: piece.from + piece.text.length });
    if (matches.length) go(at);
  }

  async function replaceAll() {
    const pieces = matches.map(pieceOf);
    if (!pieces.length || !isEditable) return;
    editor.replace(pieces);
    await find(null);
    news.textContent = `Replaced ${pieces.length}. One undo takes back all.`;
  }

  function open() {
    bar.hidden = false;
    const piece = selectedPieces(editor.view.state);
    if (piece.length === 1 && piece[0].from < piece[0].to) wanted.value = piece[0].text.slice(piece[0].from, piece[0].to);
    drawSpeakers();
    wanted.focus();
    wanted.select();
    find(caret());
  }

  function drawSpeakers() {
    const chosen = speaker.value;
    speaker.replaceChildren(make("option", { value: "" }, "all speakers"), ...editor.speakers().map(({ id, label }) => make("option", { value: id }, label)));
    speaker.value = [...speaker.options].some(({ value }) => value === chosen) ? chosen : "";
  }

  function close() {
    bar.hidden = true;
    search.stop();
    marks.clear();
    editor.view.focus();
  }

  // A second Ctrl F is the browser's own.
  function keyed(event) {
    if (event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey)) return event.stopPropagation();
    const isField = event.target === wanted || event.target === replacement;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.altKey && isField) replaceOne();
    else if (event.key === "Enter" && isField) go(at + (event.shiftKey ? -1 : 1));
    else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  }

  const later = rested(() => find(), REST_MS);
  bar.addEventListener("keydown", keyed);
  wanted.addEventListener("input", later);
  replacement?.addEventListener("input", drawList);
  for (const name of ["isCase", "isWord", "isAccent", "isRegex", "speaker"]) part(name).addEventListener("change", () => find());
  const acts = { previous: () => go(at - 1), next: () => go(at + 1), one: replaceOne, all: replaceAll, close };
  for (const [name, act] of Object.entries(acts)) part(name)?.addEventListener("click", act);
  const unsubscribe = editor.subscribe(() => isOpen() && editor.view.state.doc !== searched && later());

  return {
    open,
    end: () => {
      unsubscribe();
      later.end();
      search.stop();
      marks.clear();
    },
  };
}
