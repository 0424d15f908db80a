// What is to become of the files that a person uploads: what the open dialog says, else what they remembered, for each team
// that one works in. A number of speakers belongs to these files and would silently be wrong for the next.
import { preferences } from "../account/preferences.js";

// The team that the person switched to; empty if they never did.
const workingTeam = () => document.querySelector("[data-current-team]")?.dataset.currentTeam ?? "";

// Returns the choices for files that were dropped: without a language that was remembered, the server takes the team's.
export function remembered(kept = preferences(), working = workingTeam()) {
  const { team = working, folder = "", language } = kept.get("uploads")?.[working] ?? {};
  return { speakers: "", team, folder, ...(language !== undefined && { language }) };
}

export function remember({ language, team, folder }, kept = preferences(), working = workingTeam()) {
  kept.set("uploads", { ...kept.get("uploads"), [working]: { language, team, folder } });
}

// Returns the options that the provider can be asked for, by their names; the team's defaults answer for those that are not there.
function wishesIn(form) {
  const boxes = [...form.querySelectorAll("[data-wish]:enabled")];
  const flags = boxes.filter(({ name }) => name !== "languages").map(({ name, checked }) => [name, checked ? "yes" : "no"]);
  const tongues = boxes.filter(({ name }) => name === "languages");
  const languages = tongues.filter(({ checked }) => checked).map(({ value }) => value).join(",");
  return { ...Object.fromEntries(flags), ...(tongues.length > 0 && { languages }) };
}

// Returns what is chosen in the form; null while it is not there.
export function chosenIn(form) {
  const value = (name) => form.querySelector(`[data-picker=${name}]`)?.value ?? "";
  return form.querySelector("[data-picker=team]")
    ? { language: value("language"), speakers: value("speakers"), team: value("team"), folder: value("folder"), wishes: wishesIn(form) }
    : null;
}
