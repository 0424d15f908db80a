// The choices of sharing, in the dialog and on their page: each change is sent as it is made, and times are local.

const TWO = 2;
const pad = (number) => String(number).padStart(TWO, "0");

// Writes a moment as a field of date and time has it, in the time zone of this browser.
export function localValue(iso) {
  const at = new Date(iso);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

// Whether the choices that were replaced last had the focus.
let hadFocus = false;

export function share(element) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const field of element.querySelectorAll("[data-zone]")) field.value = timeZone;
  for (const field of element.querySelectorAll("[data-moment]")) field.value = localValue(field.dataset.moment);
  const send = (field) => field.closest("[data-now]")?.requestSubmit();
  // A moment is changed part by part: it is sent when its field is left.
  const isMoment = (field) => field.type === "datetime-local";
  let changed = null;
  element.addEventListener("change", ({ target }) => {
    if (isMoment(target)) changed = target;
    else send(target);
  });
  element.addEventListener("focusout", ({ target }) => {
    if (changed === target) send(target);
    changed = null;
  });
  // What had the focus may be gone with what was changed.
  if (hadFocus && document.activeElement === document.body) element.querySelector("[aria-current]")?.focus({ preventScroll: true });
  hadFocus = false;
  return () => { hadFocus = element.contains(document.activeElement); };
}
