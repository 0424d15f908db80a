// Menus are <details>: this closes them when one looks elsewhere, and gives the keyboard back to where it was.

const open = () => document.querySelectorAll("details[data-menu][open]");

// A menu that would end below the window opens upwards.
function place(menu) {
  menu.classList.remove("flipped");
  const box = menu.querySelector(".panel").getBoundingClientRect();
  menu.classList.toggle("flipped", box.bottom > innerHeight && box.height < menu.getBoundingClientRect().top);
}

export function watchMenus() {
  document.addEventListener("toggle", (event) => event.target.matches("details[data-menu][open]") && place(event.target), true);
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}
