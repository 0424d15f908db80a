"""Which providers are on this instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import Cast, make_cast
from transcripts.models import ProviderAccount, TeamDefaults
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import credentials, environment, selection
from transcripts.services.provider_accounts.routing import candidates, changes, places
from transcripts.services.provider_accounts.routing.rules import Work

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("http://127.0.0.1:8100", True),
        ("http://[::1]:8100", True),
        ("http://localhost", True),
        ("http://speech:8100", True),
        ("https://stt.newsroom.internal/v1", True),
        ("https://10.1.2.3", True),
        ("https://192.168.1.4", True),
        ("https://[fd00::5]", True),
        ("https://api.deepgram.com", False),
        ("wss://api。deepgram。com", False),
        ("https://8.8.8.8", False),
        ("https://[::ffff:8.8.8.8]", False),
        ("http://134744072", False),
        ("http://0x08080808", False),
        ("http://0.0.0.0", False),
        ("https://localhost.example.org", False),
        ("https://internal.example.org", False),
        ("http://100.64.0.1", False),
        ("", True),
    ],
)
def test_an_address_says_where_a_provider_is(address: str, is_inside: bool) -> None:
    socket = address.replace("http", "ws", 1)
    inside = "http://127.0.0.1"
    assert places.is_inside(ProviderAccount(name="A", kind="pulse", endpoint=inside, ws_endpoint=socket)) == is_inside
    if address:
        assert places.is_inside(ProviderAccount(name="A", kind="pulse", endpoint=address)) == is_inside


def test_an_operator_has_the_last_word() -> None:
    gateway = ProviderAccount(name="A", endpoint="http://127.0.0.1", place="outside")
    private = ProviderAccount(name="A", endpoint="https://stt.example.org", place="inside")
    assert (places.is_inside(gateway), places.is_inside(private)) == (False, True)


def test_the_environments_account_is_where_its_sockets_are_too(settings: Settings) -> None:
    account = environment.from_environment()
    assert places.is_inside(account)
    settings.STT_WS_ENDPOINT = "wss://live.example.org"
    assert not places.is_inside(account)


def test_what_an_operator_said_of_another_address_is_forgotten(settings: Settings) -> None:
    changes.say_place(environment.from_environment(), "inside")
    settings.STT_API_ENDPOINT = "https://stt.example.org"
    assert not places.is_inside(environment.from_environment())


def test_a_team_that_keeps_its_audio_is_offered_nothing_outside(cast: Cast) -> None:
    here = environment.from_environment()
    away = ProviderAccount.objects.create(name="Away", kind="speechstream", endpoint="https://stt.example.org")
    away.credentials.create(secret="x")
    changes.say_place(here, "outside")
    TeamDefaults.objects.create(team=cast.team, keeps_audio=True, account=here)
    assert selection.usable_for(cast.team.pk) == []
    with pytest.raises(places.NoPlace, match="no provider on it can be used"):
        candidates.listed(Work(cast.team.pk))
    with pytest.raises(Refused, match="is outside"):
        selection.chosen(str(here.pk), cast.team.pk)
    with pytest.raises(Refused, match="is outside"):
        changes.add(cast.team, str(here.pk))
    assert selection.chosen(str(here.pk), cast.erin.personal_team.pk) == here


def test_a_team_that_keeps_its_audio_uses_what_is_inside_though_no_rule_names_it(cast: Cast) -> None:
    here = environment.from_environment()
    outside = ProviderAccount.objects.create(name="Out", kind="speechstream", endpoint="https://stt.example.org")
    changes.say_place(outside, "outside")
    changes.add(None, str(here.pk), language="en")
    TeamDefaults.objects.create(team=cast.team, keeps_audio=True, account=outside)
    assert candidates.listed(Work(cast.team.pk, "de")) == [here]


def test_a_team_that_keeps_its_audio_and_whose_rules_lead_outside_uses_the_usual_account(cast: Cast) -> None:
    usual = environment.from_environment()
    for name, endpoint in (("Aardvark", "http://127.0.0.1:9"), ("Out", "https://stt.example.org")):
        account = ProviderAccount.objects.create(name=name, kind="speechstream", endpoint=endpoint)
        credentials.enter(account, f"key of {name}", by=cast.erin)
        changes.say_place(account, "inside" if name == "Aardvark" else "outside")
    changes.add(cast.team, str(account.pk))
    TeamDefaults.objects.create(team=cast.team, keeps_audio=True)
    for media in ("audio", "live"):
        assert candidates.listed(Work(cast.team.pk, media=media))[0] == usual
    TeamDefaults.objects.update(account=account)
    assert candidates.listed(Work(cast.team.pk))[0] == usual
