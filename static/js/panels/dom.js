// Elements made by script, and lists that are drawn again without losing the focus.

// `properties` are set as properties where the element has them, else as attributes; `data` becomes its data-* attributes.
export function make(tag, { data = {}, ...properties } = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== ""));
  return element;
}

// `key` names the button, so that it keeps the focus when its list is drawn again.
export const button = (label, act, { key = "", className = "btn small", ...more } = {}, ...children) =>
  make("button", { type: "button", className, onclick: act, data: { key }, ...more }, label, ...children);

export const kbd = (key) => make("kbd", { "aria-hidden": "true" }, key);

// Replaces what a panel shows. The focus stays on the button of the same key, else on the panel.
export function redraw(panel, children) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.dataset.key;
  panel.replaceChildren(...children);
  if (!focused || focused === panel) return;
  const again = key && [...panel.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  (again || panel).focus({ preventScroll: true });
}

// Lets a button act at its second press: the first one changes its label to the `question`, until the focus leaves it.
export function askFirst(element, question, act) {
  const label = element.textContent;
  element.addEventListener("click", () => (element.textContent === question ? act() : (element.textContent = question)));
  element.addEventListener("blur", () => { element.textContent = label; });
}

// Returns a function that calls `act` once, this long after it was called last.
export function rested(act, ms) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
  later.end = () => clearTimeout(timer);
  return later;
}
