// Tabs that are pages: the one that is open is in view where not all of them fit.
export function tabs(list) {
  const open = list.querySelector("[aria-current]");
  if (open) list.scrollLeft += open.getBoundingClientRect().right - list.getBoundingClientRect().right + open.offsetWidth / 2;
}
