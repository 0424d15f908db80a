// The language of new recordings follows their team.
import assert from "node:assert/strict";
import { test } from "node:test";
import { followTeam } from "../../../static/js/uploads/team_language.js";

const languages = (value = "") => ({ value, options: [{ value: "" }, { value: "de" }, { value: "en" }] });

// A select whose options are teams by the language of their defaults.
function teams(...chosen) {
  const select = new EventTarget();
  select.selectedOptions = chosen.map((language) => ({ dataset: { language } }));
  return select;
}

test("the language of the team is chosen first", () => {
  const language = languages();
  followTeam(teams("de"), language);
  assert.equal(language.value, "de");
});

test("a team without a language changes nothing, nor does one that the provider doesn't offer", () => {
  for (const wanted of ["", "tlh"]) {
    const language = languages("en");
    followTeam(teams(wanted), language);
    assert.equal(language.value, "en");
  }
});

test("another team brings its language", () => {
  const [team, language] = [teams("de"), languages()];
  followTeam(team, language);
  team.selectedOptions = [{ dataset: { language: "en" } }];
  team.dispatchEvent(new Event("change"));
  assert.equal(language.value, "en");
});

test("a person with one team has no choice of it", () => {
  const team = new EventTarget();
  team.dataset = { language: "de" };
  const language = languages();
  followTeam(team, language);
  assert.equal(language.value, "de");
});
