"""What a person wishes for a live session holds as far as its provider can do it; the rest is as the team wishes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import LiveSession, ProviderAccount, Route, TeamDefaults
from transcripts.providers.base import Options
from transcripts.providers.capabilities import Wishes
from transcripts.selectors import live
from transcripts.services import vocabulary
from transcripts.services.live import leases, lifecycle, provider_link
from transcripts.services.pipeline import jobs, retranscription
from transcripts.services.provider_accounts import terms, wishes
from transcripts.services.provider_accounts.routing import candidates

if TYPE_CHECKING:
    from accounts.models import Team
    from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team(pipeline: Pipeline) -> Team:
    """A team that wants swear words masked, and no punctuation."""
    found = pipeline.person.personal_team
    TeamDefaults.objects.create(team=found, masks_profanity=True, punctuates=False)
    return found


def account_of(team: Team, pipeline: Pipeline, **fields: Any) -> ProviderAccount:
    """Another account, with the same key, that the team's work goes to first."""
    fields = {"name": "Court", "endpoint": pipeline.account.endpoint, "has_key": True, **fields}
    account = ProviderAccount.objects.create(key_variable=pipeline.account.key_variable, **fields)
    Route.objects.create(team=team, account=account)
    return account


def test_the_provider_is_asked_for_what_the_team_wishes(pipeline: Pipeline, team: Team) -> None:
    account_of(team, pipeline, kind="deepgram")
    session = lifecycle.start(owner=pipeline.person, team=team, title="", language="en")
    options = provider_link.options_of(session)
    assert (options.language, options.masks_profanity, options.punctuates) == ("en", True, False)


def test_what_it_cannot_do_live_is_said_before_and_not_asked_for(pipeline: Pipeline, team: Team) -> None:
    page = client_of(pipeline.person).get(reverse("live")).content.decode()
    assert "SpeechStream doesn’t mask profanity: swear words will be in the text." in page
    assert re.search(r'name="masks_profanity"[^>]*disabled', page)
    session = lifecycle.start(owner=pipeline.person, team=team, title="", language="en")
    options = provider_link.options_of(session)
    assert (options.masks_profanity, options.punctuates) == (False, True)


def test_the_page_offers_what_the_accounts_can_that_a_session_may_go_to(pipeline: Pipeline, team: Team) -> None:
    ProviderAccount.objects.update(languages=["en"])
    court = account_of(team, pipeline, kind="deepgram", languages=["uk"])
    Route.objects.update(language="uk")
    assert [account.name for account in candidates.live(team.pk)] == [pipeline.account.name, "Court"]
    page = client_of(pipeline.person).get(reverse("live")).content.decode()
    assert "Ukrainian" in page
    assert "SpeechStream can’t mask profanity." in page
    Route.objects.update(language="")
    assert candidates.live(team.pk) == [court]
    page = client_of(pipeline.person).get(reverse("live")).content.decode()
    assert "SpeechStream" not in page


def test_a_team_that_keeps_its_audio_is_offered_what_is_inside(pipeline: Pipeline, team: Team) -> None:
    account_of(team, pipeline, kind="deepgram", endpoint="https://api.deepgram.com")
    TeamDefaults.objects.update(keeps_audio=True)
    assert candidates.live(team.pk) == [pipeline.account]


def began(pipeline: Pipeline, **said: str | list[str]) -> LiveSession:
    """A session that a person began with the form."""
    form = {"team": pipeline.person.personal_team.slug, "title": "Meeting", "language": "en", **said}
    answer = client_of(pipeline.person).post(reverse("live"), form)
    return LiveSession.objects.get(pk=answer["Location"].strip("/").rpartition("/")[2])


WISHES: dict[str, Any] = {
    "separates_speakers": "no",
    "punctuates": ["no", "yes"],
    "masks_profanity": "no",
    "languages": ["", "es"],
}
WISHED = Wishes(None, ("es",), separates_speakers=False)


def test_a_person_chooses_for_one_session_and_whoever_holds_it_asks_for_that(pipeline: Pipeline, team: Team) -> None:
    account_of(team, pipeline, kind="deepgram")
    session = began(pipeline, **WISHES)
    assert session.wishes == WISHED
    taken = leases.take(session)
    TeamDefaults.objects.update(masks_profanity=True)
    assert provider_link.options_of(taken) == Options("en", languages=("es",), separates_speakers=False)


def test_the_recording_is_transcribed_again_with_what_was_wished_for_the_session(
    pipeline: Pipeline, team: Team
) -> None:
    account_of(team, pipeline, kind="deepgram")
    session = began(pipeline, **WISHES)
    lifecycle.finish(session)
    assert retranscription.said_wishes(session.transcript) == WISHED
    assert wishes.of_latest(session.recording) == WISHED
    assert jobs.begin(session.recording, actor=None, language="en").wishes == WISHED


def test_what_a_provider_can_not_do_live_is_stored_for_one_that_can_later(pipeline: Pipeline, team: Team) -> None:
    session = began(pipeline, masks_profanity="yes", speakers="3")
    assert (session.masks_profanity, session.speakers) == (True, 3)
    assert provider_link.options_of(session).masks_profanity is False
    page = client_of(pipeline.person).get(reverse("live_session", args=[session.pk])).content.decode()
    assert "SpeechStream doesn’t mask profanity: swear words will be in the text." in page
    assert "SpeechStream can’t be told how many people speak: it detects that." in page


def test_nothing_is_said_before_a_session_whose_provider_can_do_all(pipeline: Pipeline, team: Team) -> None:
    account_of(team, pipeline, kind="deepgram")
    session = began(pipeline)
    assert not live.unmet(session)
    assert "unmet" not in client_of(pipeline.person).get(reverse("live_session", args=[session.pk])).content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"languages": ["", "uk"]}, "Court doesn’t transcribe “uk” together with the other languages"),
        ({"speakers": "99"}, "The number of speakers must be from 1 to 20"),
        ({"punctuates": "perhaps"}, "must be “yes” or “no”"),
    ],
)
def test_what_can_not_be_is_refused_before_a_session_begins(
    pipeline: Pipeline, team: Team, said: dict[str, Any], sentence: str
) -> None:
    account_of(team, pipeline, kind="deepgram")
    form = {"team": team.slug, "title": "Meeting", "language": "en", **said}
    page = client_of(pipeline.person).post(reverse("live"), form, follow=True).content.decode()
    assert sentence in page
    assert not LiveSession.objects.exists()


def test_the_form_shows_what_the_chosen_team_wishes(pipeline: Pipeline, team: Team) -> None:
    factories.make_team("Newsroom", editor=pipeline.person)
    alices = client_of(pipeline.person)
    headers = {"HX-Request": "true", "HX-Target": "live-options"}
    part = alices.get(reverse("live"), {"team": team.slug}, headers=headers).content.decode()
    assert part.lstrip().startswith('<div id="live-options"')
    assert "SpeechStream doesn’t mask profanity: swear words" in part
    part = alices.get(reverse("live"), {"team": "newsroom"}, headers=headers).content.decode()
    assert "SpeechStream doesn’t mask profanity: swear words" not in part


def test_a_vocabulary_that_the_provider_is_not_told_live_is_said(pipeline: Pipeline, team: Team) -> None:
    account_of(team, pipeline, kind="rev")
    vocabulary.add(team, vocabulary.Wish("thalweg"), actor=pipeline.person)
    said = live.before(pipeline.person).vocabulary
    assert f"Court doesn’t accept a vocabulary, so the 1 term of {team} can’t be used." in said


def test_without_the_database_a_session_begins_with_what_was_wished_and_no_vocabulary(
    pipeline: Pipeline, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_of(team, pipeline, kind="deepgram")
    session = began(pipeline, **WISHES)

    def away(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(terms, "told_live", away)
    assert provider_link.options_of(session) == Options("en", languages=("es",), separates_speakers=False)
