// Menus are <details>: closes them when the pointer or the focus leaves, and returns the focus on Escape.

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

// Opens a menu upwards if it would end below the window.
function place(menu) {
  menu.classList.remove("flipped");
  const box = menu.querySelector(".panel").getBoundingClientRect();
  menu.classList.toggle("flipped", box.bottom > innerHeight && box.height < menu.getBoundingClientRect().top);
}

function closeOutside({ target }) {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
}

function closeOnEscape(event) {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    // A shortcut with this key waits for the next press
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

export function watchMenus() {
  document.addEventListener("toggle", ({ target }) => target.matches("details[data-menu][open]") && place(target), true);
  document.addEventListener("click", closeOutside);
  document.addEventListener("focusin", closeOutside);
  document.addEventListener("keydown", closeOnEscape);
}
