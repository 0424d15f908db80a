"""Drills from the console: who can begin one, what the first page says meanwhile, and that nothing else is blamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from accounts.models import User
from tests import factories
from tests.operations.test_overview import act, failing
from tests.support.speech_server.process import SpeechProcess
from transcripts import throttle
from transcripts.models import ProviderAccount
from transcripts.models.choices import StepKind
from transcripts.selectors import operations
from transcripts.services.provider_accounts import environment, health

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings

    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(cast: Cast, drilled: SpeechProcess, settings: Settings) -> ProviderAccount:
    """The engine of this machine, which serves and allows drills."""
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = drilled.url, drilled.key
    made = environment.from_environment()
    health.check_health(made)
    return made


def begin(console: Client, account: ProviderAccount, kind: str = "outage", minutes: object = 5) -> str:
    return act(console, "begin_drill", account.pk, kind=kind, minutes=str(minutes))


def test_a_drill_is_begun_told_and_ended(console: Client, account: ProviderAccount, running: None) -> None:
    assert operations.overview().verdict == "Everything works"
    assert begin(console, account) == "A drill began: outage, for 5 minutes."
    health.check_health(account)
    now = operations.overview()
    assert (now.verdict, now.tone) == ("A drill is running", "warn")
    page = console.get("/admin/").content.decode()
    assert "A drill makes the engine answer 503 until" in page
    assert "begun by root" in page
    # Ending it asks the engine again, so that nothing looks broken until the next round
    assert act(console, "end_drill", account.pk) == "The drill has ended."
    assert operations.overview().verdict == "Everything works"
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "A drill began: outage, for 5 minutes.",
        "The drill has ended.",
    ]


def test_pressing_twice_harms_nothing(console: Client, account: ProviderAccount) -> None:
    begin(console, account, minutes=15)
    assert begin(console, account, "slow", 1) == "A drill is running already. End it first."
    drill = operations.overview().drill
    assert drill is not None
    assert (drill.kind, drill.seconds_left > 60) == ("outage", True)
    act(console, "end_drill", account.pk)
    assert act(console, "end_drill", account.pk) == "No drill was running."


def test_what_a_drill_can_cause_is_no_fault_of_the_provider(
    console: Client, account: ProviderAccount, cast: Cast, running: None
) -> None:
    failing(cast, StepKind.SUBMIT, "The provider has an internal error")
    begin(console, account)
    health.check_health(account)
    problems = [one for one in operations.overview().problems if one.account_id == account.pk]
    assert sorted(one.key.partition("-")[0] for one in problems) == ["health", "retried"]
    for problem in problems:
        assert problem.why.startswith("A drill is running, which can cause this.")
        assert not problem.is_down


def test_another_fault_is_still_told_during_a_drill(console: Client, account: ProviderAccount) -> None:
    begin(console, account)
    assert operations.overview().verdict.startswith("Not working: no conductor runs")


def test_ending_a_drill_ends_the_wait_that_it_asked_for(console: Client, account: ProviderAccount) -> None:
    begin(console, account, "too_many")
    throttle.cool(account.pk, 60_000)
    act(console, "end_drill", account.pk)
    assert throttle.cooling_ms(account.pk) == 0


@pytest.mark.parametrize(("kind", "minutes"), [("fire", 5), ("outage", 2), ("outage", "x"), ("", "")])
def test_what_is_no_drill_is_refused(console: Client, account: ProviderAccount, kind: str, minutes: object) -> None:
    assert begin(console, account, kind, minutes) == "Choose what the engine does, and for how long."
    assert operations.overview().drill is None


def test_only_superusers_begin_and_end_drills(client: Client, account: ProviderAccount, drilled: SpeechProcess) -> None:
    user = User.objects.create_user("s@example.org", "a password of theirs", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=("view_processingjob", "change_processingjob")))
    client.force_login(user)
    assert "Only superusers" in begin(client, account)
    drilled.drill("outage")
    assert "Only superusers" in act(client, "end_drill", account.pk)
    assert "Only superusers can begin and end drills." in client.get("/admin/drill/").content.decode()
    for path in ("/admin/", "/admin/drill/"):
        page = client.get(path).content.decode()
        assert "A drill makes the engine answer 503" in page
        assert "End it now" not in page


def test_staff_that_sees_no_jobs_sees_no_drills(client: Client, cast: Cast) -> None:
    client.force_login(User.objects.create_user("s@example.org", "a password of theirs", is_staff=True))
    for path in ("/admin/drill/", "/admin/drill/now/"):
        assert client.get(path).headers["Location"] == "/admin/tables/"


def test_a_provider_elsewhere_is_never_drilled(console: Client, cast: Cast) -> None:
    account = factories.make_account(is_environment=True, endpoint="https://speech.example.org")
    assert "another provider" in begin(console, account)
    assert "another provider" in console.get("/admin/drill/").content.decode()


def test_another_kind_of_provider_is_never_drilled(console: Client, cast: Cast) -> None:
    account = factories.make_account(is_environment=True, kind="pulse")
    assert "another provider" in begin(console, account)


def test_an_engine_that_was_started_without_drills_says_so(
    console: Client, account: ProviderAccount, tmp_path: Path
) -> None:
    with SpeechProcess(tmp_path, script={}) as process:
        ProviderAccount.objects.update(endpoint=process.url)
        assert "Start it with --drills" in begin(console, account)
        assert "Start it with --drills" in console.get("/admin/drill/").content.decode()


def test_an_engine_that_is_away_is_no_reason_not_to_show_the_page(console: Client, cast: Cast) -> None:
    account = factories.make_account(is_environment=True)
    assert "doesn’t answer" in begin(console, account)
    assert "doesn’t answer" in console.get("/admin/drill/").content.decode()
    assert console.get("/admin/").status_code == 200


def test_the_page_says_what_people_will_notice(console: Client, account: ProviderAccount) -> None:
    page = console.get("/admin/drill/").content.decode()
    for words in ("Too many requests", "Outage", "Slowness", "Dropped live connections", "15 minutes"):
        assert words in page
    assert "The instance now" in console.get("/admin/drill/now/").content.decode()


def test_a_drill_of_an_account_that_serves_no_longer_can_be_ended(
    console: Client, account: ProviderAccount, running: None, settings: Settings
) -> None:
    begin(console, account)
    other = ProviderAccount.objects.create(
        name="Elsewhere", kind="pulse", endpoint="https://speech.example.org", for_files=True, for_live=True,
        key_variable="STT_API_KEY_ELSEWHERE", has_key=True, is_healthy=True,
    )  # fmt: skip
    settings.STT_API_KEYS = {other.key_variable: "key"}
    assert "A drill makes the engine answer 503 until" in console.get("/admin/").content.decode()
    assert act(console, "end_drill", account.pk) == "The drill has ended."
