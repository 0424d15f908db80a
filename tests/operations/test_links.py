"""Each number of the first page leads to the rows that it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Mail, MailStatus
from tests import factories
from tests.operations.test_overview import failing
from transcripts import throttle
from transcripts.models import LiveSession, MediaFile, ProcessingJob, ProviderCall, Step
from transcripts.models.choices import CallOutcome, JobStatus, LiveStatus, MediaKind, StepKind, StepStatus
from transcripts.selectors import operations
from transcripts.selectors.operations.calls import CLASSES
from transcripts.services.live import lifecycle
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from django.test import Client

    from tests.factories import Cast
    from transcripts.models import ProviderAccount

pytestmark = pytest.mark.django_db
# What is older than anything that the page counts
LONG_AGO = timedelta(days=40)


@pytest.fixture
def account(cast: Cast) -> ProviderAccount:
    return factories.make_account(is_environment=True, upload_limit=5, live_limit=4)


def rows(console: Client, href: str) -> int:
    """Return how many rows a list shows."""
    answer = console.get(href)
    assert answer.status_code == 200, href
    count: int = answer.context["cl"].result_count
    return count


def step(cast: Cast, kind: str, status: str, **fields: object) -> None:
    job = factories.make_job(factories.make_recording(cast.team))
    job.steps.all().delete()
    lease = timezone.now() + timedelta(minutes=1) if status == StepStatus.RUNNING else None
    fields = {"due_at": timezone.now(), "lease_until": lease, **fields}
    Step.objects.create(job=job, kind=kind, status=status, **fields)


def test_queues(console: Client, cast: Cast, account: ProviderAccount, running: None) -> None:
    step(cast, StepKind.PREPARE, StepStatus.READY)
    step(cast, StepKind.PREPARE, StepStatus.READY, due_at=timezone.now() + timedelta(hours=1))
    step(cast, StepKind.SUBMIT, StepStatus.READY)
    for kind in (StepKind.CHECK, StepKind.ASSEMBLE):
        step(cast, kind, StepStatus.READY)
        step(cast, kind, StepStatus.RUNNING)
    Mail.objects.create(to="a@example.org", subject="s", text="t", next_attempt_at=timezone.now())
    Mail.objects.create(to="a@example.org", subject="s", text="t", next_attempt_at=timezone.now() + LONG_AGO)
    found = {state.key: state for state in operations.overview().queues}
    assert [(state.steps, state.running) for state in found.values()] == [(1, 0), (1, 0), (2, 2)]
    for state in found.values():
        assert rows(console, state.waiting_href) == state.steps
        assert rows(console, state.running_href) == state.running
    (mail,) = found["default"].others
    assert (mail.words, rows(console, mail.href), found["default"].waiting) == ("1 mail", 1, 3)


def call(account: ProviderAccount, outcome: str, code: int | None = 200, **fields: object) -> None:
    fields = {"endpoint": "upload", "started_at": timezone.now(), **fields}
    ProviderCall.objects.create(account=account, outcome=outcome, status_code=code, **fields)


def test_accounts(console: Client, cast: Cast, account: ProviderAccount, running: None) -> None:
    call(account, CallOutcome.ACCEPTED)
    call(account, CallOutcome.ACCEPTED, started_at=timezone.now() - timedelta(hours=2))
    call(account, CallOutcome.ACCEPTED, started_at=timezone.now() - LONG_AGO)
    call(account, CallOutcome.ACCEPTED, endpoint="status")
    failing(cast, StepKind.SUBMIT, "Busy")
    failing(cast, StepKind.PREPARE, "Damaged")
    throttle.remember(accounts.window(account), [0])
    (state,) = operations.overview().accounts
    assert (state.calls, state.sent_in_an_hour, state.used, state.waits) == (3, 1, 1, 1)
    assert rows(console, state.calls_href) == state.calls
    assert rows(console, state.sent_href) == state.sent_in_an_hour
    assert rows(console, state.window_href) == state.used
    assert rows(console, state.waits_href) == state.waits


def test_errors_by_class(console: Client, account: ProviderAccount, running: None) -> None:
    for code in (None, 200, 401, 403, 404, 422, 429, 500, 503):
        for outcome in CallOutcome.values:
            call(account, outcome, code)
    (state,) = operations.overview().accounts
    assert {words for words, _, _ in state.errors} == set(CLASSES)
    for words, count, href in state.errors:
        assert rows(console, href) == count, words


def test_live_sessions(console: Client, cast: Cast, account: ProviderAccount, running: None) -> None:
    now = timezone.now()
    states: list[dict[str, object]] = [
        {"slot_until": now + timedelta(minutes=1), "status": LiveStatus.LIVE},
        {"slot_until": None, "status": LiveStatus.LIVE},
        {"slot_until": None, "status": LiveStatus.LIVE, "paused_at": now},
        {"slot_until": None, "status": LiveStatus.FINISHING},
        {"slot_until": None, "status": LiveStatus.FINISHED, "paused_at": now},
    ]
    for number, fields in enumerate(states):
        made = lifecycle.start(owner=cast.alice, team=cast.team, title=f"Meeting {number}")
        LiveSession.objects.filter(pk=made.pk).update(seen_at=now, **fields)
    overview = operations.overview()
    live, (state,) = overview.live, overview.accounts
    assert (len(live.sessions), live.paused, live.without_slot, state.live_used) == (4, 1, 1, 1)
    assert rows(console, live.href) == len(live.sessions)
    assert rows(console, live.paused_href) == live.paused
    assert rows(console, live.without_slot_href) == live.without_slot
    assert rows(console, state.live_href) == state.live_used


def test_failures_by_cause_name_each_cause_once(console: Client, cast: Cast, account: ProviderAccount) -> None:
    for code in ("undecodable", "rate_too_low", "not_media", "of_the_future", ""):
        factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code=code)
    old = factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code="undecodable")
    ProcessingJob.objects.filter(pk=old.pk).update(finished_at=timezone.now() - LONG_AGO)
    factories.make_job(factories.make_recording(cast.team), JobStatus.SUCCEEDED)
    day = operations.day()
    assert {cause.words: cause.count for cause in day.causes} == {
        "Damaged file": 2, "Not audio or video": 1, "Of the future": 1, "No reason given": 1,
    }  # fmt: skip
    for cause in day.causes:
        assert cause.words == "No reason given" or rows(console, cause.href) == cause.count
    assert (rows(console, day.failed_href), rows(console, day.ended_href)) == (day.failed, day.ended) == (5, 6)


def test_the_filter_of_causes_names_each_once_and_finds_all_codes_of_it(console: Client, cast: Cast) -> None:
    for code in ("undecodable", "rate_too_low", "not_media"):
        factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code=code)
    page = console.get("/admin/transcripts/processingjob/").context["cl"]
    (choices,) = (one.lookup_choices for one in page.filter_specs if one.title == "cause")
    names = [words for _, words in choices]
    assert len(names) == len(set(names))
    value = next(value for value, words in choices if words == "Damaged file")
    assert rows(console, f"/admin/transcripts/processingjob/?error_code={value}") == 2


def test_storage_and_what_teams_use_of_their_limits(console: Client, cast: Cast, account: ProviderAccount) -> None:
    cast.team.minutes_a_month, cast.team.storage_gb = 100, 10
    cast.team.save(update_fields=["minutes_a_month", "storage_gb"])
    recording = factories.make_recording(cast.team)
    other = factories.make_recording(cast.alice.personal_team)
    for one in (recording, other):
        MediaFile.objects.create(recording=one, kind=MediaKind.ORIGINAL, storage_name="x", bytes=9 * 10**9)
    job = factories.make_job(recording)
    call(account, CallOutcome.ACCEPTED, job=job, audio_ms=30 * 60_000)
    call(account, CallOutcome.ACCEPTED, job=factories.make_job(other), audio_ms=60_000)
    stored, minutes = operations.nearest_to_their_limits()
    assert (stored.used, stored.most, stored.unit, stored.percent) == (9, 10, "GB", 90)
    assert (minutes.used, minutes.most, minutes.unit, minutes.percent) == (30, 100, "min", 30)
    assert rows(console, stored.list_href) == 1
    assert rows(console, minutes.list_href) == ProviderCall.objects.filter(job=job, endpoint="upload").count()
    assert rows(console, operations.overview().disk.grown_href) == 2


def test_mail_that_failed(console: Client, running: None, account: ProviderAccount) -> None:
    for status in (MailStatus.FAILED, MailStatus.SENT):
        Mail.objects.create(to="a@example.org", subject="s", text="t", status=status, error="It broke.")
    (problem,) = (one for one in operations.overview().problems if one.key.startswith("mail-"))
    assert rows(console, problem.href) == 1


def test_waits_are_split_by_stage(cast: Cast, account: ProviderAccount) -> None:
    now = timezone.now()
    job = factories.make_job(factories.make_recording(cast.team), JobStatus.SUCCEEDED)
    job.steps.all().delete()
    times = {
        StepKind.PREPARE: (0, 2, 10),
        StepKind.SUBMIT: (10, 70, 75),
        StepKind.CHECK: (75, 80, 130),
        StepKind.ALIGN: (130, 131, 151),
        StepKind.ASSEMBLE: (130, 151, 155),
    }
    for kind, moments in times.items():
        created, started, finished = (now - timedelta(seconds=200 - at) for at in moments)
        made = Step.objects.create(
            job=job, kind=kind, status=StepStatus.DONE, due_at=now, started_at=started, finished_at=finished
        )
        Step.objects.filter(pk=made.pk).update(created_at=created)
    assert [(stage.words, stage.typical_s) for stage in operations.stages()] == [
        ("Wait for a worker", 2.0),
        ("Prepare", 8.0),
        ("Wait for a slot", 60.0),
        ("Send, and wait for the provider", 60.0),
        ("Align the words", 21.0),
        ("Assemble and save", 4.0),
    ]
