// The language of new recordings begins with that of their team's defaults, and follows another choice of the team.

export function followTeam(team, language) {
  function follow() {
    const wanted = (team.selectedOptions?.[0] ?? team).dataset.language;
    if (wanted && [...language.options].some(({ value }) => value === wanted)) language.value = wanted;
  }
  team.addEventListener("change", follow);
  follow();
}

// The form of a new live session.
export function teamLanguage(form) {
  const team = form.querySelector("[name=team]");
  if (team) followTeam(team, form.querySelector("[name=language]"));
}
