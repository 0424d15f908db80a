"""Workers and people who change the same rows at the same moment wait for one another, and never in a circle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection, transaction

from transcripts.models import Recording, Step
from transcripts.models.choices import Stage
from transcripts.services.pipeline import jobs, steps
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.skipif(
    "postgres" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite lets one write at a time."
)


def until_somebody_waits() -> None:
    """Return once a connection waits for a row that this one holds."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


def and_close(function: Callable[[], object]) -> None:
    """Run in a thread, whose connection nobody else would close."""
    try:
        function()
    finally:
        connection.close()


@pytest.mark.parametrize("verb", ["cancel", "delete"])
def test_a_person_may_stop_what_a_worker_is_just_finishing(pipeline: Pipeline, verb: str) -> None:
    recording = pipeline.bring()
    job = pipeline.job(recording)
    verbs: dict[str, Callable[[], object]] = {
        "cancel": lambda: jobs.cancel(job, actor=pipeline.person),
        "delete": lambda: trash.delete(recording, actor=pipeline.person),
    }
    [held] = steps.claim([Step.objects.get().pk])
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            steps.finish(held)
            stopping = pool.submit(and_close, verbs[verb])
            until_somebody_waits()
            Recording.objects.filter(pk=recording.pk).update(duration_ms=1000)
            jobs.report_progress(job.pk, Stage.SENDING)
        stopping.result()
    assert pipeline.job(recording).status == "cancelled"
