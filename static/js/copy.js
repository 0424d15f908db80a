// Copies a link to the clipboard and confirms it on the button.

const CONFIRMED_FOR_MS = 2_000;

export function copy(element) {
  const field = element.querySelector("[data-copied]");
  const button = element.querySelector("[data-copy]");
  button.addEventListener("click", async () => {
    field.select();
    // Plain http on another machine has no clipboard: the link stays selected for the keyboard.
    await navigator.clipboard?.writeText(field.value).catch(() => {});
    button.textContent = navigator.clipboard ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, CONFIRMED_FOR_MS);
  });
}
