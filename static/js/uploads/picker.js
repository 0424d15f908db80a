// The upload button, and the language, number of speakers and team of new uploads. Language and team are remembered in this
// browser, for each team that one works in; a number of speakers belongs to one recording and would silently be wrong for the
// next. Without a language that was chosen once, the server takes the team's.

import { followTeam } from "./team_language.js";

// The team that the person switched to; empty if they never did.
const workingTeam = () => document.querySelector("[data-current-team]")?.dataset.currentTeam ?? "";
const KEY = () => ["verbatim-upload-options", document.body.dataset.user, workingTeam()].filter(Boolean).join("-");

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY())) ?? {};
  } catch {
    return {};
  }
}

const part = (element, name) => element.querySelector(`[data-picker=${name}]`);

export function options() {
  const element = document.querySelector("[data-module=picker]");
  if (!element) return { speakers: "", team: workingTeam(), ...remembered() };
  return { language: part(element, "language").value, speakers: part(element, "speakers")?.value ?? "", team: part(element, "team").value };
}

export const offer = (files) => {
  if (files.length) document.dispatchEvent(new CustomEvent("verbatim:files", { detail: { files, options: options() } }));
};

export function picker(element) {
  const input = element.querySelector("[data-picker-input]");
  const selects = ["language", "speakers", "team"].map((name) => part(element, name)).filter((field) => field?.options);

  const summarise = () => {
    const language = part(element, "language").selectedOptions[0];
    const { speakers } = options();
    const count = speakers && `${speakers} ${speakers === "1" ? "speaker" : "speakers"}`;
    const chosen = [language.value && language.textContent, count].filter(Boolean).join(", ");
    element.querySelector("[data-picker-summary]").textContent = chosen || "Upload options";
  };
  const restore = ([name, value]) => {
    const field = part(element, name);
    if (field?.options && [...field.options].some((option) => option.value === value)) field.value = value;
  };

  followTeam(part(element, "team"), part(element, "language"));
  Object.entries(remembered()).forEach(restore);
  summarise();
  for (const field of selects) {
    field.addEventListener("change", () => {
      const { language, team } = options();
      localStorage.setItem(KEY(), JSON.stringify({ language, team }));
      summarise();
    });
  }
  element.querySelector("[data-picker-open]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    offer([...input.files]);
    input.value = "";
  });
}
