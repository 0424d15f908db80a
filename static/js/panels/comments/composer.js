// The form in which a comment on words or a moment is written.
import { formatDuration } from "../../clock.js";
import { button, kbd, make } from "../dom.js";

const KINDS = [["comment", "Comment"], ["yellow", "Yellow highlight"], ["green", "Green highlight"], ["blue", "Blue highlight"], ["pink", "Pink highlight"]];
const MOST_CHARACTERS = 4_000;
const NEEDED = "Write something first.";

// `send(fields)` stores what was written, `onClose()` is called after that and after Cancel.
export function createComposer({ send, onClose }) {
  const quote = make("blockquote", { className: "quoted", dir: "auto" });
  const kind = make("select", { "aria-label": "Kind" }, ...KINDS.map(([value, label]) => make("option", { value }, label)));
  const tag = make("input", { className: "line-input", maxLength: 60, placeholder: "Tag", "aria-label": "Tag", autocomplete: "off" });
  const body = make("textarea", { rows: 3, maxLength: MOST_CHARACTERS, "aria-label": "Comment", placeholder: "Comment, @name asks a member", dir: "auto" });
  const error = make("p", { className: "red small", role: "alert", hidden: true });
  const submit = make("button", { type: "submit", className: "btn small main" }, "Comment", kbd("Ctrl ↵"));
  const form = make("form", { className: "composer", hidden: true, "aria-label": "New comment" }, quote, body,
    make("div", { className: "row1" }, kind, tag), error, make("div", { className: "acts" }, submit, button("Cancel", close)));
  let place = null;

  function close() {
    form.hidden = true;
    place = null;
    form.reset();
    onClose();
  }

  function drawKind() {
    tag.hidden = kind.value === "comment";
    submit.firstChild.data = tag.hidden ? "Comment" : "Highlight";
  }

  function submitted(event) {
    event.preventDefault();
    const isHighlight = kind.value !== "comment";
    error.hidden = Boolean(body.value.trim()) || isHighlight;
    error.textContent = error.hidden ? "" : NEEDED;
    if (!error.hidden) return body.focus();
    const more = isHighlight ? { kind: "highlight", colour: kind.value, tag: tag.value.trim() } : { kind: "comment" };
    send({ ...place, ...more, body: body.value.trim() });
    return close();
  }

  function keyed(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  kind.addEventListener("change", drawKind);
  form.addEventListener("submit", submitted);
  form.addEventListener("keydown", keyed);

  return {
    element: form,
    // `fields` say where the comment is: of a segment, or at a moment.
    open: (fields) => {
      place = fields;
      quote.textContent = [fields.quoted, ...JSON.parse(fields.parts ?? "[]").map((part) => part[3])].filter(Boolean).join(" ");
      if (!fields.quoted) quote.textContent = `At ${formatDuration(Number(fields.at_ms))}`;
      form.hidden = false;
      error.hidden = true;
      drawKind();
      body.focus();
    },
  };
}
