"""How long the server takes for the console of an archive of 100,000 recordings: its first page, its parts, its
lists, and the metrics for Prometheus.

The database is the one that the environment names (`DATABASE_URL`), a new one for the figure. `CONSOLE_PAGES` says how
many times each page is asked for.
"""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.instance import own_instance
from bench.report import percentile, report

if TYPE_CHECKING:
    from django.test import Client

TOKEN = "of the one who scrapes"
HEADERS = {"host": "localhost", "authorization": f"Bearer {TOKEN}"}
RUNS = int(os.environ.get("CONSOLE_PAGES", "12"))
# What ended or was asked within the last day, and what is worked on and fails
ENDED, CALLS, FAILING = 5_000, 8_000, 400
PAGES = {
    "first page": "/admin/",
    "now": "/admin/now/",
    "day": "/admin/day/",
    "metrics": "/metrics",
    "jobs": "/admin/transcripts/processingjob/",
    "failed jobs": "/admin/transcripts/processingjob/?status__exact=failed",
    "jobs by cause": "/admin/transcripts/processingjob/?error_code=unexpected",
    "jobs, searched": "/admin/transcripts/processingjob/?q=harbour",
    "jobs, page 100": "/admin/transcripts/processingjob/?p=100",
    "recordings": "/admin/transcripts/recording/",
    "recordings, searched": "/admin/transcripts/recording/?q=harbour+99",
    "recordings by title": "/admin/transcripts/recording/?o=1",
    "transcripts": "/admin/transcripts/transcript/",
    "calls": "/admin/transcripts/providercall/",
    "calls, failed": "/admin/transcripts/providercall/?outcome__exact=error",
    "steps": "/admin/transcripts/step/",
    "activity": "/admin/transcripts/activity/",
}


def main() -> None:
    """Measure and print."""
    with own_instance():
        _measure()


def _measure() -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from accounts.models import User
    from bench.library import archive

    settings.METRICS_TOKEN = TOKEN
    archive.make()
    _make_day()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", "a password of theirs"))
    every: list[tuple[float, float]] = []
    for name, path in PAGES.items():
        times = _timed(client, path)
        every += times if path.startswith("/admin/transcripts/") else []
        _tell(name, times)
    _tell("all lists", every)


def _tell(name: str, times: list[tuple[float, float]]) -> None:
    """Report what passed, and how long this process worked: on a busy machine the second says more."""
    from django.db import connection

    passed, worked = [one for one, _ in times], [one for _, one in times]
    figures = {"p50_ms": percentile(passed, 50), "p95_ms": percentile(passed, 95)}
    figures |= {"work_p50_ms": percentile(worked, 50), "work_p95_ms": percentile(worked, 95)}
    report("console", database=connection.vendor, page=name, **figures)


def _timed(client: Client, path: str) -> list[tuple[float, float]]:
    """Ask as a browser does, through middleware and templates."""
    client.get(path, headers=HEADERS)
    times = []
    for _ in range(RUNS):
        began, worked = time.perf_counter(), time.process_time()
        response = client.get(path, headers=HEADERS)
        times.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
        assert response.status_code == 200, path
    return times


def _make_day() -> None:
    """Give the newest jobs a day: ends, failures, steps that fail, and calls."""
    from django.utils import timezone

    from transcripts.models import ProcessingJob, ProviderAccount, ProviderCall, Step
    from transcripts.models.choices import CallOutcome, JobStatus, StepKind, StepStatus

    chance, now = random.Random(13), timezone.now()  # noqa: S311 - the same day each time
    ProcessingJob.objects.filter(finished_at=None).exclude(status=JobStatus.RUNNING).update(
        finished_at=now - timedelta(days=60)
    )
    ended = list(ProcessingJob.objects.exclude(status=JobStatus.RUNNING)[:ENDED])
    for job in ended:
        job.finished_at = now - timedelta(seconds=chance.random() * 86_400)
        job.created_at = job.finished_at - timedelta(seconds=chance.random() * 600)
        job.error_code = chance.choice(["unexpected", "no_sound_track"]) if job.status == JobStatus.FAILED else ""
    ProcessingJob.objects.bulk_update(ended, ["finished_at", "created_at", "error_code"], batch_size=500)
    account = ProviderAccount.objects.get()
    ProviderCall.objects.bulk_create(
        ProviderCall(
            account=account,
            job=chance.choice(ended),
            endpoint="upload",
            started_at=now - timedelta(seconds=chance.random() * 86_400 * (1 if number < CALLS else 300)),
            latency_ms=chance.randrange(100, 9_000),
            audio_ms=600_000,
            status_code=200,
            outcome=chance.choice([CallOutcome.ACCEPTED] * 20 + [CallOutcome.ERROR]),
        )
        for number in range(CALLS * 12)
    )
    Step.objects.bulk_create(
        Step(
            job=job,
            kind=StepKind.SUBMIT,
            status=StepStatus.READY,
            due_at=now + timedelta(minutes=5),
            last_error=f"The provider answered {chance.randrange(500, 505)}",
        )
        for job in ProcessingJob.objects.filter(status=JobStatus.RUNNING)[:FAILING]
    )
