// A key that goes to a field: `data-shortcut` names it. Nothing happens while somebody is typing.

export const isTyping = (target) => Boolean(target.closest?.("input, select, textarea, [contenteditable]"));

export function watchShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select?.();
  });
}
