// The panels beside the text: tabs in a rail, in a drawer on narrow windows, in a bottom sheet on phones. Panels are the
// elements with `data-panel` that the page has, or that a module adds; without any, nothing of this is shown.
import { bindHotkeys, HOTKEYS } from "../hotkeys.js";

const DRAWER = "(max-width: 64rem)";
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export function createSide(root) {
  const side = root.querySelector("[data-side]");
  const list = side.querySelector("[role=tablist]");
  const opener = root.querySelector("[data-side-open]");
  const drawer = matchMedia(DRAWER);
  const behind = [...root.querySelectorAll("[data-behind-side]")];
  const onShow = new Map();
  const idle = new Set();
  // A count or a font that comes later moves the chosen tab
  const sizes = new ResizeObserver(() => bringIntoView(chosen()));

  const tabs = () => [...list.children];
  const offered = () => tabs().filter((tab) => !tab.hidden);
  const panelOf = (id) => side.querySelector(`[data-panel="${id}"]`);
  const tabOf = (id) => tabs().find((tab) => tab.dataset.tab === id);
  const chosen = () => list.querySelector("[aria-selected=true]");
  const isOpen = () => side.hasAttribute("data-open");

  // `count` is shown on the tab; `onShow()` is called each time the panel is shown.
  function add(panel, { label = panel.dataset.label, count = null, onShow: shown = () => {} } = {}) {
    const id = panel.dataset.panel;
    const tab = Object.assign(document.createElement("button"), { type: "button", id: `tab-${id}`, textContent: label });
    tab.dataset.tab = id;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `panel-${id}`);
    Object.assign(panel, { id: `panel-${id}`, tabIndex: 0, hidden: true });
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    if (!panel.isConnected) side.querySelector("[data-panels]").append(panel);
    onShow.set(id, shown);
    list.append(tab);
    sizes.observe(tab);
    setCount(id, count);
    reveal();
    if (tabs().length === 1) select(id);
  }

  function setCount(id, count) {
    const tab = tabOf(id);
    tab.querySelector(".n")?.remove();
    if (count === null) return;
    const number = Object.assign(document.createElement("span"), { className: "n num", textContent: String(count) });
    tab.append(" ", number);
  }

  // A tab with nothing to show is hidden, unless its panel is the one that is shown.
  function setIdle(id, isIdle) {
    if (isIdle) idle.add(id);
    else idle.delete(id);
    for (const tab of tabs()) tab.hidden = idle.has(tab.dataset.tab) && tab.getAttribute("aria-selected") !== "true";
  }

  function bringIntoView(tab) {
    const [inner, outer] = [tab.getBoundingClientRect(), list.getBoundingClientRect()];
    list.scrollLeft += inner.x + inner.width / 2 - outer.x - outer.width / 2;
  }

  function reveal() {
    side.hidden = !tabs().length;
    opener.hidden = side.hidden;
  }

  function select(id) {
    for (const tab of tabs()) {
      const isChosen = tab.dataset.tab === id;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.hidden = !isChosen && idle.has(tab.dataset.tab);
      tab.tabIndex = isChosen ? 0 : -1;
      panelOf(tab.dataset.tab).hidden = !isChosen;
    }
    bringIntoView(tabOf(id));
    onShow.get(id)();
  }

  // Shows a panel and moves the focus to its tab, so that a key or a button leads there from anywhere.
  function show(id) {
    select(id);
    if (drawer.matches) open();
    tabOf(id).focus();
  }

  // In the drawer the text behind can't be reached, so the focus stays in the panel.
  function open() {
    side.toggleAttribute("data-open", true);
    opener.setAttribute("aria-expanded", "true");
    behind.forEach((part) => { part.inert = true; });
    bringIntoView(chosen());
    chosen().focus({ preventScroll: true });
  }

  function close() {
    if (!isOpen()) return;
    side.removeAttribute("data-open");
    opener.setAttribute("aria-expanded", "false");
    behind.forEach((part) => { part.inert = false; });
    if (!opener.hidden) opener.focus({ preventScroll: true });
  }

  function stepTabs(event) {
    if (event.key === "Home" || event.key === "End" || event.key in STEPS) {
      const all = offered();
      const at = all.indexOf(event.target.closest("[role=tab]"));
      const next = { Home: 0, End: all.length - 1 }[event.key] ?? (at + STEPS[event.key] + all.length) % all.length;
      event.preventDefault();
      select(all[next].dataset.tab);
      all[next].focus();
    }
  }

  const keyed = (event) => event.key === "Escape" && !event.defaultPrevented && close();
  const widened = () => !drawer.matches && close();
  const outside = (event) => isOpen() && !event.composedPath().includes(side) && !event.composedPath().includes(opener) && close();
  list.addEventListener("keydown", stepTabs);
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tab.dataset.tab);
  });
  side.addEventListener("keydown", keyed);
  side.querySelector("[data-side-close]").addEventListener("click", close);
  opener.addEventListener("click", () => (isOpen() ? close() : open()));
  drawer.addEventListener("change", widened);
  document.addEventListener("pointerdown", outside);

  for (const panel of side.querySelectorAll("[data-panel]")) add(panel);
  reveal();
  const shortcuts = HOTKEYS.filter(({ id }) => id.startsWith("panel.") && panelOf(id.slice("panel.".length)));
  const release = bindHotkeys(Object.fromEntries(shortcuts.map(({ id }) => [id, () => show(id.slice("panel.".length))])));
  const stopMeasuring = measureHead(root);

  return {
    add,
    setCount,
    setIdle,
    select,
    show,
    // Gives the text back its room if the panels cover it.
    close,
    stop: () => {
      drawer.removeEventListener("change", widened);
      document.removeEventListener("pointerdown", outside);
      sizes.disconnect();
      release();
      stopMeasuring();
    },
  };
}

// The rail begins below the header, however high that is.
function measureHead(root) {
  const head = root.querySelector("[data-head]");
  const sizes = new ResizeObserver(() => root.style.setProperty("--head", `${head.offsetHeight}px`));
  sizes.observe(head);
  return () => sizes.disconnect();
}
