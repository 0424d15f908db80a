// The menu of playback settings: each field shows the person's setting of its name and stores what they choose.

const valueOf = (field) => (field.type === "number" || field.dataset.number !== undefined ? Number(field.value) : field.value);

// Returns what ends it.
export function bindSettings(root, settings) {
  const fields = [...root.querySelectorAll("[data-setting]")];
  const show = (field) => { field.value = String(settings.get(field.dataset.setting) ?? field.value); };
  for (const field of fields) {
    show(field);
    field.addEventListener("change", () => settings.set(field.dataset.setting, valueOf(field)));
  }
  return settings.subscribe((name) => fields.filter((field) => field.dataset.setting === name).forEach(show));
}
