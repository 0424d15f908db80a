// The share dialog of a transcript. Its link opens the same choices as a page where there is no script.
import htmx from "htmx.org";

const isPlainClick = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

// Asks the text what is selected in it. Returns { from, to } in ms, or null.
function selectedSpan() {
  const detail = { span: null };
  document.dispatchEvent(new CustomEvent("verbatim:span-wanted", { detail }));
  return detail.span;
}

// A selection is what a link is to show: the tab of links opens with its times.
export function addressFor(href, span) {
  return span ? `${href}?tab=links&from=${Math.round(span.from)}&until=${Math.round(span.to)}` : href;
}

export function shareDialog(dialog) {
  const opener = dialog.previousElementSibling;

  function open(event) {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    const target = dialog.querySelector("#share");
    htmx.ajax("GET", addressFor(opener.href, selectedSpan()), { source: target, target, swap: "outerHTML", select: "unset" });
  }

  opener.addEventListener("click", open);
  dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest("[data-close]")) && dialog.close());
  return () => opener.removeEventListener("click", open);
}
