// Notices leave by themselves, unless they offer something that somebody is about to use.

const SHOWN_MS = 9_000;

function leave(notice) {
  if (notice.matches(":hover, :focus-within")) setTimeout(() => leave(notice), SHOWN_MS);
  else notice.remove();
}

const schedule = (root) => {
  for (const notice of root.querySelectorAll("[data-notice]")) setTimeout(() => leave(notice), SHOWN_MS);
};

export function watchNotices() {
  schedule(document);
  document.body.addEventListener("htmx:afterSettle", () => schedule(document));
}
