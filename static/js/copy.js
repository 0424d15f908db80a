// Copies a link, and says so.

export function copy(element) {
  const field = element.querySelector("[data-copied]");
  const button = element.querySelector("[data-copy]");
  button.addEventListener("click", async () => {
    field.select();
    // Plain http on another machine has no clipboard: the link stays selected for the keyboard.
    await navigator.clipboard?.writeText(field.value).catch(() => {});
    button.textContent = navigator.clipboard ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 2_000);
  });
}
