"""Accounts made and chosen in the console."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from tests.provider_accounts.conftest import ADD, VARIABLE, fields
from tests.support.pulse import KEY as PULSE_KEY
from transcripts import clock
from transcripts.models import Chunk, ProviderAccount, Transcript
from transcripts.providers.base import Limits, RateRule
from transcripts.providers.registry import KINDS
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.live import lifecycle
from transcripts.services.operations.conductor import HEALTH_EVERY
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import accounts, environment, health, options, selection
from transcripts.services.provider_accounts.routing import candidates

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.pulse import PulseDouble
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS = reverse("admin:transcripts_provideraccount_changelist")


def act(console: Client, action: str, *chosen: ProviderAccount) -> str:
    """Choose in the console; return what it says."""
    asked = {"action": action, "_selected_action": [str(account.pk) for account in chosen]}
    return console.post(ACCOUNTS, asked, follow=True).content.decode()


def test_the_next_recording_goes_to_the_account_chosen_in_the_console(
    pipeline: Pipeline, court: ProviderAccount, console: Client, pulse: PulseDouble, speech: SpeechProcess
) -> None:
    first = pipeline.bring(language="en")
    pipeline.until_idle()
    assert "New recordings go to “Court”" in act(console, "use_for_recordings", court)
    second = pipeline.bring(language="en")
    pipeline.until_idle()
    assert [pipeline.job(one).account.name for one in (first, second)] == ["SpeechStream", "Court"]
    assert (len(speech.ledger("upload")), len(pulse.billed())) == (1, 1)
    assert Transcript.objects.get(recording=second).provider == "Court"
    act(console, "use_the_environments", court)
    assert accounts.current() == accounts.current_live() == pipeline.account


def test_a_job_under_way_goes_on_with_its_account(
    pipeline: Pipeline, court: ProviderAccount, console: Client, pulse: PulseDouble, speech: SpeechProcess
) -> None:
    speech.rescript({"seconds": None})
    recording = pipeline.bring(language="en")
    while not Chunk.objects.filter(status="sent").exists():
        pipeline.step_once()
    act(console, "use_for_recordings", court)
    speech.release()
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.account.name) == ("succeeded", "SpeechStream")
    assert pulse.ledger("upload") == []


def test_live_speech_may_go_elsewhere_than_recordings(
    pipeline: Pipeline, court: ProviderAccount, console: Client
) -> None:
    act(console, "use_for_live", court)
    assert (accounts.current(), accounts.current_live()) == (pipeline.account, court)
    started = lifecycle.start(owner=pipeline.person, team=pipeline.person.personal_team, title="", language="en")
    assert started.account == court
    offered = options.offer_live(candidates.live(pipeline.person.personal_team.pk))
    assert "gu" in offered.languages
    assert "uk" not in offered.languages
    assert not offered.may_be_open
    with pytest.raises(Refused, match=r"Court can’t detect the language\. Choose one of these: en, hi"):
        lifecycle.start(owner=pipeline.person, team=pipeline.person.personal_team, title="")


def test_where_nothing_is_chosen_for_live_it_goes_where_recordings_go(court: ProviderAccount, console: Client) -> None:
    act(console, "use_for_recordings", court)
    assert accounts.current_live() == court


def test_each_account_has_its_own_address_and_key(court: ProviderAccount, settings: Settings) -> None:
    settings.STT_WS_ENDPOINT = "wss://live.example.org"
    own, environments = accounts.connection(court), accounts.connection(environment.from_environment())
    assert (own.endpoint, own.ws_endpoint, own.api_key) == (court.endpoint, "", PULSE_KEY)
    assert (environments.ws_endpoint, environments.api_key) == ("wss://live.example.org", settings.STT_API_KEY)
    # What is left empty is as the kind documents it
    assert own.limits == Limits(own.limits.uploads, 0, 250_000_000)
    assert (court.upload_limit, court.live_limit) == (25, 5)


def test_an_account_asks_for_the_model_that_was_chosen_for_it(console: Client, settings: Settings) -> None:
    console.post(ADD, fields(model=" nova-3 "))
    assert accounts.connection(ProviderAccount.objects.get(name="Court")).model == "nova-3"
    assert accounts.connection(environment.from_environment()).model == ""
    settings.STT_MODEL = "small"
    assert accounts.connection(environment.from_environment()).model == "small"


def test_a_provider_of_recordings_alone_is_not_chosen_for_live_speech(court: ProviderAccount, console: Client) -> None:
    ProviderAccount.objects.filter(pk=court.pk).update(kind="groq")
    said = act(console, "use_for_live", ProviderAccount.objects.get(pk=court.pk))
    assert "Groq transcribes recordings only. Choose another account for live speech." in said
    assert not ProviderAccount.objects.filter(for_live=True).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_an_account_of_any_kind_can_be_created(console: Client, kind: str) -> None:
    console.post(ADD, fields(kind=kind))
    assert ProviderAccount.objects.get(name="Court").kind == kind


def test_the_key_of_the_settings_goes_to_no_provider_that_they_described_before(settings: Settings) -> None:
    former = environment.from_environment()
    settings.STT_PROVIDER, settings.STT_API_KEY = "pulse", "another key"
    assert accounts.connection(former).api_key == ""
    with pytest.raises(NoProvider, match="no longer describe"):
        selection.use_for_recordings(former)


def test_without_its_key_an_account_is_not_chosen(court: ProviderAccount, console: Client, settings: Settings) -> None:
    settings.STT_API_KEYS = {}
    assert f"{VARIABLE} is not set. Ask an administrator" in act(console, "use_for_recordings", court)
    assert not ProviderAccount.objects.filter(for_files=True).exists()


def test_a_key_that_went_away_is_said_before_anything_is_sent(
    pipeline: Pipeline, court: ProviderAccount, settings: Settings, pulse: PulseDouble
) -> None:
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    selection.use_for_recordings(court)
    settings.STT_API_KEYS = {}
    sentence = f"“Court” is chosen, but its key is missing: {VARIABLE} is not set"
    with pytest.raises(NoProvider, match=sentence):
        jobs.start(recording, actor=pipeline.person)
    with pytest.raises(NoProvider, match=sentence):
        lifecycle.start(owner=pipeline.person, team=pipeline.person.personal_team, title="", language="en")
    assert sentence in accounts.missing(for_administrators=True)
    assert not pipeline.bring(language="en").jobs.exists()
    assert pulse.ledger("upload") == []


def test_what_was_uploaded_when_the_key_went_away_waits_and_is_sent_with_the_next_one(
    pipeline: Pipeline, court: ProviderAccount, settings: Settings, pulse: PulseDouble
) -> None:
    selection.use_for_recordings(court)
    recording = pipeline.bring(language="en")
    settings.STT_API_KEYS = {}
    pipeline.until(lambda: ProviderAccount.objects.filter(pk=court.pk, key_refused_at__isnull=False).exists())
    assert pipeline.job(recording).is_active
    settings.STT_API_KEYS = {VARIABLE: PULSE_KEY}
    health.check_health_of_all()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"endpoint": "ftp://example.org"}, "Enter an address that begins with http:// or https://"),
        ({"endpoint": "https://"}, "names a host"),
        ({"endpoint": "https://someone:secret@example.org"}, "without a user name"),
        ({"ws_endpoint": "javascript:x"}, "Enter an address that begins with ws:// or wss://"),
        ({"kind": "carrier-pigeon"}, "not one of the available choices"),
        ({"key_variable": "SECRET_KEY"}, "Keys are read only from"),
        ({"key_variable": "STT_API_KEYS"}, "Keys are read only from"),
        ({"name": "speechstream"}, "is reserved for the account that the environment describes"),
        ({"upload_limit": "1000000"}, "Enter 100,000 or less"),
        ({"upload_window_ms": "0"}, "Enter a length above 0"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(console: Client, changed: dict[str, str], sentence: str) -> None:
    page = console.post(ADD, fields(**changed)).content.decode()
    assert sentence in page
    assert not ProviderAccount.objects.filter(endpoint=fields(**changed)["endpoint"]).exists()


def test_the_key_is_neither_on_a_page_nor_in_the_database(court: ProviderAccount, console: Client) -> None:
    page = console.get(reverse("admin:transcripts_provideraccount_change", args=[court.pk])).content.decode()
    assert f"{VARIABLE} is set" in page
    assert PULSE_KEY not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM transcripts_provideraccount")
        assert PULSE_KEY not in str(cursor.fetchall())


def test_the_account_of_the_environment_is_only_looked_at(console: Client) -> None:
    account = environment.from_environment()
    url = reverse("admin:transcripts_provideraccount_change", args=[account.pk])
    assert "The environment. To change it, set its STT_ variables" in console.get(url).content.decode()
    assert console.post(url, fields(endpoint="https://elsewhere.example.org")).status_code == 403


def test_at_another_address_nothing_is_known_of_its_health(court: ProviderAccount, console: Client) -> None:
    health.check_health_of_all()
    court.refresh_from_db()
    assert court.is_healthy
    url = reverse("admin:transcripts_provideraccount_change", args=[court.pk])
    console.post(url, fields(endpoint="https://elsewhere.example.org"))
    court.refresh_from_db()
    assert (court.endpoint, court.is_healthy, court.languages) == ("https://elsewhere.example.org", False, None)


def test_only_superusers_make_and_choose_accounts(court: ProviderAccount, client: Client) -> None:
    staff: Any = User.objects.create_user("staff@example.org", "a password of theirs", is_staff=True)
    client.force_login(staff)
    assert client.post(ADD, fields(name="Mine")).status_code == 403
    act(client, "use_for_recordings", court)
    assert not ProviderAccount.objects.filter(for_files=True).exists()


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("none", Limits()),
        ("live=3", Limits(live_sessions=3)),
        ("uploads=5/60,status=5,live=3", Limits(RateRule(5, 60_000), 5_000, None, 3)),
        ("uploads=5/0.5", Limits(RateRule(5, 500))),
    ],
)
def test_limits_are_read_from_the_settings(text: str, limits: Limits) -> None:
    assert environment.limits_from(text, Limits(live_sessions=9)) == limits


@pytest.mark.parametrize("text", ["", "live", "live=x", "live=-1", "uploads=5", "uploads=0/1", "lives=3"])
def test_limits_that_cannot_be_read_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="it must be “documented”, “none” or such as"):
        environment.limits_from(text, Limits())


def test_a_provider_that_never_answered_is_asked_again_soon(pipeline: Pipeline) -> None:
    """The local one loads its model while the first recordings come in."""

    def waits() -> timedelta:
        asked_at = clock.now()
        pipeline.conductor.health_at = asked_at
        pipeline.conductor.tick()
        return pipeline.conductor.health_at - asked_at

    environment.forget_health(pipeline.account)
    assert waits() < timedelta(seconds=10)
    health.check_health(pipeline.account)
    assert waits() >= HEALTH_EVERY


@pytest.mark.parametrize("host", ["api。deepgram。com", "api example.org", "exa\u200bmple.org"])
def test_an_address_names_a_host_that_all_read_alike(console: Client, host: str) -> None:
    response = console.post(ADD, fields(endpoint=f"https://{host}"))
    assert response.status_code == 200
    assert not ProviderAccount.objects.filter(name="Court").exists()
