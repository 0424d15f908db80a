"""A team's terms go to every provider that takes them, by its rule and in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from transcripts.services import vocabulary
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import terms
from transcripts.services.vocabulary import Wish

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.providers.double import Double


@pytest.mark.parametrize("double", ["deepgram"], indirect=True)
def test_terms_of_the_language_that_is_spoken_are_sent(through: Pipeline, double: Double) -> None:
    team = through.person.personal_team
    wishes = [Wish("Podil"), Wish("Talweg", language="de"), Wish("thalweg", language="en-GB", weight=2)]
    for wish in wishes:
        vocabulary.add(team, wish, actor=through.person)
    through.bring(language="en")
    through.until_idle()
    assert double.ledger("upload")[-1]["query"]["keyterm"] == ["thalweg", "Podil"]
    assert {term.text for term in terms.told(through.account, team, ("", "de"))} == {"thalweg", "Podil", "Talweg"}
    assert [term.text for term in terms.told_live(through.account, team, "de")] == ["Podil", "Talweg"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "model", "said"),
    [
        ("assemblyai", "", "The vocabulary of Newsroom is sent to Court with each recording: 2 terms."),
        ("rev", "", "Court accepts 1 of the 2 terms of Newsroom: the weightiest that it can use are sent."),
        ("pulse", "", "Court doesn’t accept a vocabulary, so the 2 terms of Newsroom can’t be used."),
        ("elevenlabs", "", "The vocabulary of Newsroom is sent to Court with each recording: 2 terms."),
        ("elevenlabs", "scribe_v1", "Court doesn’t accept a vocabulary, so the 2 terms of Newsroom can’t be used."),
        ("google", "chirp", "Court doesn’t accept a vocabulary, so the 2 terms of Newsroom can’t be used."),
    ],
)
def test_a_team_learns_which_of_its_terms_are_sent(kind: str, model: str, said: str) -> None:
    cast = factories.make_cast()
    cast.team.name = "Newsroom"
    account = factories.make_account()
    account.kind, account.model, account.name = kind, model, "Court"
    assert terms.sentence(account, cast.team) == ""
    vocabulary.add(cast.team, Wish("thalweg"), actor=cast.erin)
    vocabulary.add(cast.team, Wish("Dnipro 7"), actor=cast.erin)
    assert terms.sentence(account, cast.team) == said


@pytest.mark.django_db
def test_a_term_has_no_language_that_is_none() -> None:
    cast = factories.make_cast()
    with pytest.raises(Refused, match="isn’t a language"):
        vocabulary.add(cast.team, Wish("thalweg", language="no language"), actor=cast.erin)


@pytest.mark.django_db
def test_the_language_of_a_term_is_in_the_table_and_read_from_it() -> None:
    cast = factories.make_cast()
    term = vocabulary.add(cast.team, Wish("Talweg", language="de"), actor=cast.erin)
    table = vocabulary.as_table([term])
    term.delete()
    assert vocabulary.take_table(cast.team, table, actor=cast.erin) == 1
    assert vocabulary.of(cast.team).terms.get().language == "de"
