"""An operator, processes that live or don't, and what goes wrong on an instance."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import django_rq
from django.conf import settings
from django.db import connection
from django.utils import timezone
from rq import Worker
from rq.utils import utcformat

from accounts.models import Mail, MailStatus, User
from tests import factories
from tests.browser.backstage.people import team
from transcripts import queue, throttle
from transcripts.models import Lease, LiveSession, ProcessingJob, ProviderAccount, ProviderCall, Route, Step, Upload
from transcripts.models.choices import CallOutcome, JobStatus, LiveStatus, StepKind, StepStatus
from transcripts.services import storage
from transcripts.services.live import lifecycle
from transcripts.services.operations.conductor import LEADS_FOR
from transcripts.services.provider_accounts import accounts

COURT = "Court"


def operator() -> None:
    """Make Olena, who operates the instance."""
    factories.make_user("Olena Marchuk", is_staff=True, is_superuser=True)


def reset_operations() -> None:
    """Leave no mail, no lease and no limit behind."""
    _stop_beating()
    quick_database()
    Mail.objects.all().delete()
    Lease.objects.all().delete()
    ProviderAccount.objects.filter(name=COURT).delete()
    Route.objects.all().delete()
    for account in ProviderAccount.objects.all():
        throttle.warm(account.pk)


BEATS: list[threading.Event] = []


def conductor() -> None:
    """Let a conductor lead, renewing its lease each second as the real one does."""
    stop = threading.Event()
    BEATS.append(stop)
    _lead()
    threading.Thread(target=_beat, args=(stop,), daemon=True).start()


def _lead() -> None:
    until = timezone.now() + LEADS_FOR
    Lease.objects.update_or_create(name="conductor", defaults={"owner": "backstage", "until": until})


def _beat(stop: threading.Event) -> None:
    while not stop.wait(1):
        _lead()
    connection.close()


def _stop_beating() -> None:
    while BEATS:
        BEATS.pop().set()


def worker() -> None:
    """Register a worker for all queues with Redis."""
    _register("worker", 0)


def skewed_worker(ahead_s: int) -> None:
    """Let the worker beat by a clock that is ahead."""
    _register("skewed", ahead_s)


def _register(name: str, ahead_s: int) -> None:
    no_workers()
    made = Worker(list(queue.QUEUES), name=name, connection=django_rq.get_connection())
    made.register_birth()  # type: ignore[no-untyped-call]
    beat = datetime.now(UTC) + timedelta(seconds=ahead_s)
    django_rq.get_connection().hset(made.key, "last_heartbeat", utcformat(beat))


def no_workers() -> None:
    """Let all workers be gone."""
    for one in Worker.all(connection=django_rq.get_connection()):
        one.register_death()  # type: ignore[no-untyped-call]


def account(**fields: Any) -> int:
    """Change the account of the site, which new work goes to."""
    found = ProviderAccount.objects.get()
    for name, value in {"is_environment": True, "health_checked_at": timezone.now(), **fields}.items():
        setattr(found, name, value)
    found.save()
    return found.pk


def court(endpoint: str) -> int:
    """Make an account at Deepgram's API whose keys are entered in the console."""
    made = ProviderAccount.objects.create(name=COURT, kind="deepgram", endpoint=endpoint, key_variable="")
    return made.pk


def routes() -> None:
    """Let rules name the account of the site, then one at Deepgram's that has no key."""
    court("https://api.deepgram.com")
    for order, one in enumerate(ProviderAccount.objects.order_by("pk")):
        Route.objects.create(account=one, order=order)


def provider_key() -> str:
    """Tell which key the site sends to the provider."""
    key: str = settings.STT_API_KEY
    return key


def account_facts() -> dict[str, Any]:
    """Tell what became of the account."""
    found = ProviderAccount.objects.get()
    return {
        "is_healthy": found.is_healthy,
        "is_paused": found.paused_at is not None,
        "cooling": throttle.cooling_ms(found.pk),
        "slots": throttle.slots(accounts.window(found)),
    }


def cool(seconds: int) -> None:
    """Let the provider ask everybody to wait."""
    throttle.cool(ProviderAccount.objects.get().pk, seconds * 1000)


def failed_job(title: str, code: str, message: str = "It failed.") -> str:
    """Make a recording whose job failed."""
    made = factories.make_recording(team(), title, owner=User.objects.get(email="alice@example.org"))
    return str(factories.make_job(made, JobStatus.FAILED, error_code=code, error_message=message).pk)


def failing_step(title: str, kind: str, error: str, kills: int = 0) -> str:
    """Make a recording whose present step fails and is tried again in ten minutes."""
    made = factories.make_recording(team(), title, owner=User.objects.get(email="alice@example.org"))
    job = factories.make_job(made, JobStatus.RUNNING)
    job.steps.all().delete()
    Step.objects.create(
        job=job, kind=StepKind(kind), status=StepStatus.READY, due_at=timezone.now() + timedelta(minutes=10),
        last_error=error, kills=kills, attempts=2,
    )  # fmt: skip
    return str(job.pk)


def job_facts(job: str) -> dict[str, Any]:
    """Tell what became of a job and its steps."""
    row = ProcessingJob.objects.get(pk=job)
    step = row.steps.first()
    return {
        "status": row.status,
        "error": row.error_message,
        "is_due": step is not None and step.due_at <= timezone.now(),
        "jobs": row.recording.jobs.count(),
    }


def stuck_session(title: str) -> str:
    """Make a live session whose page went away an hour ago."""
    ProviderAccount.objects.update(is_environment=True)
    session = lifecycle.start(owner=User.objects.get(email="alice@example.org"), team=team(), title=title)
    LiveSession.objects.filter(pk=session.pk).update(
        status=LiveStatus.LIVE, seen_at=timezone.now() - timedelta(hours=1), lease_until=None
    )
    return str(session.pk)


def session_status(session: str) -> str:
    """Tell what became of a live session."""
    return str(LiveSession.objects.get(pk=session).status)


def fill_disk() -> None:
    """Fill the disk of the storage with an upload that no one continued."""
    owner = User.objects.get(email="alice@example.org")
    upload = Upload.objects.create(
        team=team(), owner=owner, filename="camera.mp4", length=10**9, expires_at=timezone.now() - timedelta(hours=1)
    )
    path = storage.path_of(upload.storage_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(64 * 1024))


# In the place of a table: the same rows, after the database has counted for as long as it takes
SLOW_VIEW = """CREATE VIEW {table} AS SELECT rows.* FROM (
  WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count})
  SELECT max(n) AS n FROM counted
) CROSS JOIN {table}_rows AS rows"""
SLOW_TABLE = "transcripts_accountexport"
SLOW_S = 4.0


def slow_database() -> None:
    """Have the database take seconds for each query that counts what waits in the queues."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {SLOW_TABLE} RENAME TO {SLOW_TABLE}_rows")
        cursor.execute(SLOW_VIEW.format(table=SLOW_TABLE, count=_counted_in(SLOW_S)))


def _counted_in(seconds: float) -> int:
    """Return how far this machine's database counts in so many seconds."""
    sample = 300_000
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {sample}) "
            "SELECT max(n) FROM counted"
        )
        cursor.fetchone()
    return round(sample * seconds / (time.monotonic() - began))


def quick_database() -> None:
    """Take the delay away again, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = %s", [SLOW_TABLE])
        if cursor.fetchone():
            cursor.execute(f"DROP VIEW {SLOW_TABLE}")
            cursor.execute(f"ALTER TABLE {SLOW_TABLE}_rows RENAME TO {SLOW_TABLE}")


def failed_mail(error: str = "The mail server can't be reached.") -> int:
    """Make a mail that was given up."""
    return Mail.objects.create(
        to="alice@example.org",
        subject="You are invited",
        text="Come.",
        status=MailStatus.FAILED,
        attempts=13,
        error=error,
    ).pk


def mail_status(mail: int) -> str:
    """Tell what became of a mail."""
    return str(Mail.objects.get(pk=mail).status)


def busy_day() -> None:
    """Fill a day: calls of the account, jobs that ended in each hour, and some that failed."""
    provider, now = ProviderAccount.objects.get(), timezone.now()
    for number in range(40):
        made = factories.make_recording(team(), f"Hearing {number}", duration_ms=(number % 7 + 3) * 600_000)
        status = JobStatus.FAILED if number % 9 == 4 else JobStatus.SUCCEEDED
        code = ("no_sound_track", "provider_failed")[number % 2] if status == JobStatus.FAILED else ""
        job = factories.make_job(made, status, error_code=code)
        ended = now - timedelta(minutes=33 * number)
        ProcessingJob.objects.filter(pk=job.pk).update(
            finished_at=ended, created_at=ended - timedelta(seconds=20 + number * 7)
        )
        ProviderCall.objects.create(
            account=provider, job=job, endpoint="upload", started_at=ended, latency_ms=300 + number * 40,
            audio_ms=made.duration_ms or 0, status_code=429 if number % 11 == 5 else 200,
            outcome=CallOutcome.RATE_LIMITED if number % 11 == 5 else CallOutcome.ACCEPTED,
        )  # fmt: skip


def team_id() -> int:
    """Tell the id of the newsroom."""
    return team().pk
