// Edits text in its place: Enter saves, Escape discards, leaving the text saves, and the focus returns to what began it.

const isEditing = (element) => "editing" in element.dataset;

// Returns the focus to `origin`, or to `fallback` if a key pressed anywhere began the edit.
function returnFocus(origin, fallback) {
  if (origin && origin !== document.body && origin.isConnected && origin !== fallback) return origin.focus();
  if (!fallback.matches("a, button, input, [tabindex]")) fallback.tabIndex = -1;
  fallback.focus({ preventScroll: true });
}

// `selector` names what can be edited within `root`; `widget` shows, hides and reads the field. `onEnd(element, result)`
// gets the `text`, whether it is to be saved (`isSaved`), and the `edit` with what `begin` was given.
export function createInlineEdit({ root, selector, widget, onEnd, savesOnEnter = true, savesOnBlur = true }) {
  const edits = new WeakMap();

  function begin(element, context = {}) {
    if (isEditing(element)) return;
    edits.set(element, { before: widget.read(element), origin: document.activeElement, ...context });
    element.dataset.editing = "";
    widget.show(element);
  }

  function end(element, { isSaved, refocus = false }) {
    if (!isEditing(element)) return;
    delete element.dataset.editing;
    const edit = edits.get(element);
    const text = widget.read(element);
    widget.hide(element);
    onEnd(element, { text, isSaved, edit });
    if (refocus) returnFocus(edit.origin, element);
  }

  function pressed(event) {
    const element = event.target.closest(selector);
    if (!element || !isEditing(element) || event.isComposing) return;
    if (event.key === "Escape" || (event.key === "Enter" && savesOnEnter)) {
      event.preventDefault();
      end(element, { isSaved: event.key === "Enter", refocus: true });
    }
  }

  root.addEventListener("keydown", pressed);
  if (savesOnBlur) root.addEventListener("focusout", (event) => event.target.matches(selector) && end(event.target, { isSaved: true }));
  return { begin, end };
}
