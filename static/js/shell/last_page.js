// The page that was asked for last is the one that is shown, in whatever order the answers come.

const isPage = ({ target }) => target.id === "shell";

export function showLastPage(body) {
  let last = null;

  body.addEventListener("htmx:beforeSend", ({ detail }) => {
    if (isPage(detail)) last = detail.xhr;
  });
  // An earlier one would also take away what the later one's answer is put into.
  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (isPage(detail) && last && detail.xhr !== last) detail.shouldSwap = false;
  });
}
