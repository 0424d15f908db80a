"""What a team wishes for its recordings holds for its live sessions too, as far as the provider can do it live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.views.conftest import client_of
from transcripts.models import ProviderAccount, Route, TeamDefaults
from transcripts.services.live import lifecycle, provider_link
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
    assert f"{team}: SpeechStream doesn’t mask profanity: swear words will be in the text." in page
    session = lifecycle.start(owner=pipeline.person, team=team, title="", language="en")
    options = provider_link.options_of(session)
    assert (options.masks_profanity, options.punctuates) == (False, True)


def test_the_page_offers_the_languages_of_all_accounts_that_a_session_may_go_to(pipeline: Pipeline, team: Team) -> None:
    ProviderAccount.objects.update(languages=["en"])
    account_of(team, pipeline, kind="speechstream", languages=["uk"])
    offered = [account.name for account in candidates.live([team.pk])]
    assert offered == [pipeline.account.name, "Court"]
    page = client_of(pipeline.person).get(reverse("live")).content.decode()
    assert "Ukrainian" in page
    assert [account.name for account in candidates.live([])] == [pipeline.account.name]
