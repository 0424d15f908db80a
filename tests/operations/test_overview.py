"""The first page of the console: what it says, and in how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Mail, MailStatus, User
from tests import factories
from transcripts import throttle
from transcripts.models import Activity, Lease, ProcessingJob, ProviderAccount, ProviderCall, Step
from transcripts.models.choices import CallOutcome, JobStatus, StepKind, StepStatus
from transcripts.selectors import operations
from transcripts.selectors.operations import machine, queues
from transcripts.selectors.operations.machine import Disk
from transcripts.services.provider_accounts import accounts, credentials

if TYPE_CHECKING:
    from django.test import Client

    from tests.factories import Cast
    from transcripts.selectors.operations.parts import Problem

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def failing(cast: Cast, kind: str, error: str, **fields: int) -> ProcessingJob:
    """Make a job whose step failed and is tried again in ten minutes."""
    job = factories.make_job(factories.make_recording(cast.team))
    job.steps.all().delete()
    soon = timezone.now() + timedelta(minutes=10)
    Step.objects.create(job=job, kind=kind, status=StepStatus.READY, due_at=soon, last_error=error, **fields)
    return job


def make_bare(name: str, **fields: bool) -> ProviderAccount:
    """Make an account that has the keys that are entered for it, and no other."""
    return ProviderAccount.objects.create(
        name=name, kind="pulse", endpoint="http://127.0.0.1:9", key_variable="", **fields
    )


def found(key: str) -> Problem | None:
    return next((one for one in operations.overview().problems if one.key.startswith(key)), None)


def test_an_instance_without_a_fault_says_that_everything_works(cast: Cast, running: None) -> None:
    factories.make_account(is_environment=True)
    now = operations.overview()
    assert (now.verdict, now.tone, now.problems) == ("Everything works", "good", [])


def test_an_instance_without_a_provider_says_what_to_set(cast: Cast, running: None) -> None:
    problem = found("provider")
    assert problem is not None
    assert "STT_API_ENDPOINT" in problem.why
    assert operations.overview().tone == "warn"


def test_without_processes_nothing_works_and_the_command_is_shown(cast: Cast) -> None:
    now = operations.overview()
    assert now.tone == "red"
    assert now.verdict.startswith("Not working: no conductor runs")
    assert {one.key for one in now.problems if one.command} >= {"conductor", "workers"}


def test_what_fails_is_grouped_by_its_cause(cast: Cast, running: None) -> None:
    factories.make_account(is_environment=True)
    for _ in range(3):
        failing(cast, StepKind.SUBMIT, "The provider broke")
    failing(cast, StepKind.PREPARE, "", kills=2)
    groups = [one for one in operations.overview().problems if one.key.startswith("retried-")]
    assert sorted(one.what for one in groups) == ["Crashed its worker", "Sending fails: SpeechStream"]
    assert next("3 recordings wait" in one.why for one in groups if "Sending" in one.what)


def test_what_is_the_files_own_fault_needs_no_operator(cast: Cast, running: None) -> None:
    factories.make_account(is_environment=True)
    factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code="no_sound_track")
    factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code="authentication_failed")
    assert [one.key for one in operations.overview().problems] == ["failed-authentication_failed"]
    causes = {cause.words: cause.count for cause in operations.day().causes}
    assert causes == {"No audio track": 1, "The provider refused the key": 1}


def test_a_recording_that_was_transcribed_since_is_no_failure(cast: Cast, running: None) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, JobStatus.FAILED, error_code="unexpected")
    factories.make_job(recording, JobStatus.SUCCEEDED)
    assert found("failed-") is None


def test_an_account_shows_its_window_its_errors_and_its_rate(cast: Cast, running: None) -> None:
    account = factories.make_account(is_environment=True, upload_limit=5)
    for number in range(10):
        ProviderCall.objects.create(
            account=account, endpoint="upload", started_at=timezone.now(), latency_ms=100 + number,
            outcome=CallOutcome.ERROR if number == 9 else CallOutcome.ACCEPTED, status_code=503 if number == 9 else 200,
        )  # fmt: skip
    throttle.remember(machine_window(account), [0, 0])
    (state,) = operations.overview().accounts
    assert (state.used, state.account.upload_limit) == (2, 5)
    assert state.failures == [("provider error", 1)]
    assert (state.p50_ms, state.p95_ms) == (104, 108)
    assert state.sent_in_an_hour == 9


def test_an_account_has_the_keys_that_were_entered_and_not_retired(cast: Cast, running: None) -> None:
    bare, court = make_bare("Bare", for_live=True), make_bare("Court", for_files=True)
    credentials.retire(credentials.enter(court, "the key of before", by=cast.alice))
    assert found("key-") is not None
    made = [credentials.enter(court, f"key-of-theirs-{n}", by=cast.alice) for n in (1, 2)]
    states = {state.account: state for state in operations.overview().accounts}
    assert (states[bare].is_key_missing, states[court].is_key_missing) == (True, False)
    assert [key.credential for key in states[court].keys] == made[::-1]
    assert [key.value for key in states[court].keys] == ["key-of-theirs-2", "key-of-theirs-1"]


def machine_window(account: ProviderAccount) -> throttle.Window:
    return throttle.Window(account.pk, account.upload_limit, account.upload_window_ms, 1_000)


def test_clocks_that_differ_are_told(cast: Cast, running: None) -> None:
    Lease.objects.update(until=timezone.now() + timedelta(minutes=10))
    problem = found("clock")
    assert problem is not None
    assert "conductor" in problem.why


def test_a_page_that_took_long_takes_no_clock_for_wrong(cast: Cast, running: None) -> None:
    began = timezone.now() - timedelta(seconds=20)
    problems = machine.problems(began, queues.queues(began), machine.disk(began), database_s=20)
    assert [one.key for one in problems] == ["database"]


@pytest.mark.parametrize(("free", "daily", "what"), [(0, 5, "is full"), (10, 5, "nearly full"), (10**9, 5, "")])
def test_a_disk_is_told_before_it_is_full(free: int, daily: int, what: str) -> None:
    problems = machine._full(Disk(total=10**10, used=1, free=free, daily=daily, since=timezone.now()))
    assert [what in one.what for one in problems] == ([True] if what else [])


@pytest.mark.parametrize(("seconds", "told"), [(0.2, 0), (1.5, 1)])
def test_a_slow_database_is_told_with_what_may_help(seconds: float, told: int) -> None:
    problems = machine._slow(seconds)
    assert len(problems) == told
    assert all(one.acts[0].name == "refresh_statistics" for one in problems)


def test_statistics_are_refreshed_by_a_superuser(console: Client) -> None:
    assert act(console, "refresh_statistics") == "The database has counted its tables again."


def test_the_page_takes_few_queries_however_much_fails(console: Client, cast: Cast, running: None) -> None:
    usual = factories.make_account(is_environment=True, upload_limit=5)
    for account in (usual, make_bare("Court", for_files=True)):
        for key in ("the key of before", "the key of now"):
            credentials.enter(account, key, by=cast.alice)
    for number in range(12):
        failing(cast, (StepKind.SUBMIT, StepKind.PREPARE)[number % 2], f"Error {number}")
        factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code="unexpected")
    cast.team.minutes_a_month, cast.team.storage_gb = 100, 10
    cast.team.save(update_fields=["minutes_a_month", "storage_gb"])
    console.get("/admin/")  # notes the session
    with CaptureQueriesContext(connection) as queries:
        assert console.get("/admin/").status_code == 200
    # PostgreSQL is also asked for the time, which SQLite has no clock for
    asked = [one["sql"] for one in queries if "clock_timestamp" not in one["sql"]]
    assert len(asked) <= MOST_QUERIES, asked


def act(console: Client, name: str, target: object = "", **fields: str) -> str:
    """Press a button of the page; return what it says."""
    answer = console.post(f"/admin/acts/{name}/", {"target": str(target), **fields}, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_what_fails_is_tried_again_now(console: Client, cast: Cast) -> None:
    job = failing(cast, StepKind.SUBMIT, "The provider broke")
    throttle.cool(job.account_id, 60_000)
    assert act(console, "ask_now", job.pk) == "Trying 1 recording again now."
    assert job.steps.get().due_at <= timezone.now()
    assert throttle.cooling_ms(job.account_id) == 0
    assert LogEntry.objects.get().change_message == "Trying 1 recording again now."


def test_a_job_is_stopped_with_a_reason_once(console: Client, cast: Cast) -> None:
    job = failing(cast, StepKind.PREPARE, "", kills=2)
    assert "Say why" in act(console, "fail_jobs", job.pk)
    assert act(console, "fail_jobs", job.pk, reason="Convert it.").startswith("Stopped 1 transcription.")
    assert act(console, "fail_jobs", job.pk, reason="Again.").startswith("Stopped 0 transcriptions.")
    job.refresh_from_db()
    assert (job.status, job.error_message) == (JobStatus.FAILED, "Convert it.")
    assert Activity.objects.get(verb="job:stopped").actor == User.objects.get(email="root@example.org")
    assert found("failed-") is None


def test_failures_of_a_kind_are_retried_or_left(console: Client, cast: Cast) -> None:
    factories.make_account(is_environment=True)
    jobs = [
        factories.make_job(factories.make_recording(cast.team), JobStatus.FAILED, error_code=code)
        for code in ("unexpected", "worker_died")
    ]
    assert act(console, "retry_failed", "unexpected") == "Retrying 1 recording."
    assert act(console, "retry_failed", "unexpected") == "Retrying 0 recordings."
    assert jobs[0].recording.jobs.filter(status=JobStatus.QUEUED).count() == 1
    act(console, "leave_failed", "worker_died")
    assert found("failed-") is None


def test_slots_of_dead_workers_are_free_after_a_window(console: Client, cast: Cast) -> None:
    account = factories.make_account(upload_limit=1)
    window = throttle.Window(account.pk, 1, account.upload_window_ms, 3_600_000)
    throttle.remember(window, [])
    assert throttle.acquire(window, "a").taken
    assert throttle.slots(window)[0] > account.upload_window_ms + 1_000
    assert act(console, "release_slots", account.pk) == "1 slot will be free after one window."
    assert throttle.slots(window)[0] <= account.upload_window_ms + throttle.MARGIN_MS


def test_slots_are_offered_for_release_once_no_worker_holds_them(console: Client, cast: Cast, running: None) -> None:
    account = factories.make_account(is_environment=True, upload_limit=2)
    throttle.remember(accounts.window(account), [])
    assert "Release slots" not in labels()
    assert throttle.acquire(accounts.window(account), "a").taken
    sending = factories.make_job(factories.make_recording(cast.team))
    now = timezone.now()
    step = Step.objects.create(
        job=sending, kind=StepKind.SUBMIT, status=StepStatus.RUNNING, due_at=now, lease_until=now
    )
    assert "Release slots" not in labels()
    Step.objects.filter(pk=step.pk).delete()
    assert "Release slots" in labels()
    # A cool-down that is longer than the window is no upload
    assert act(console, "release_slots", account.pk) == "1 slot will be free after one window."
    throttle.cool(account.pk, 3_600_000)
    assert "Release slots" not in labels()


def labels() -> list[str]:
    """Return what the accounts' buttons say."""
    return [one.label for state in operations.overview().accounts for one in state.acts]


def test_mail_that_was_given_up_is_sent_again(console: Client) -> None:
    fields = {"to": "a@example.org", "subject": "s", "text": "t", "error": "It broke."}
    mail = Mail.objects.create(status=MailStatus.FAILED, **fields)
    assert found("mail-") is not None
    assert act(console, "send_mail_again", "It broke.") == "Sending 1 mail again."
    mail.refresh_from_db()
    assert mail.status == MailStatus.WAITING


def test_staff_that_sees_no_jobs_sees_tables_and_acts_on_nothing(client: Client) -> None:
    client.force_login(User.objects.create_user("s@example.org", "a password of theirs", is_staff=True))
    assert client.get("/admin/").headers["Location"] == "/admin/tables/"
    assert client.post("/admin/acts/clean_up/").headers["Location"] == "/admin/tables/"
    for path in ("/admin/usage/", "/admin/usage/csv/", "/admin/accuracy/"):
        assert client.get(path).headers["Location"] == "/admin/tables/"


def test_what_concerns_accounts_is_for_superusers(client: Client, cast: Cast) -> None:
    user = User.objects.create_user("s@example.org", "a password of theirs", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_processingjob"))
    client.force_login(user)
    account = factories.make_account()
    assert "Only superusers" in act(client, "pause_account", account.pk)
    account.refresh_from_db()
    assert account.paused_at is None


def test_who_may_only_look_changes_nothing(client: Client, cast: Cast) -> None:
    user = User.objects.create_user("s@example.org", "a password of theirs", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_processingjob"))
    client.force_login(user)
    job = failing(cast, StepKind.PREPARE, "Broken")
    assert "You can look" in act(client, "fail_jobs", job.pk, reason="Not now.")
    job.refresh_from_db()
    assert job.is_active
    user.user_permissions.add(Permission.objects.get(codename="change_processingjob"))
    assert "Stopped 1 transcription" in act(client, "fail_jobs", job.pk, reason="Not now.")
