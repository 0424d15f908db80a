"""What became of the recordings: asked of the database, and compared with what the provider received."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import timedelta
from typing import Any

from speechserver.scripted.script import ANSWER

WORDS = str(ANSWER["transcription"]).split()


def set_up() -> None:
    """Let this process read the instance's database; its variables are the environment's."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()


def unfinished() -> int:
    """Return how many recordings have neither a transcript nor a failure that is shown."""
    from transcripts.models import ProcessingJob, Recording

    active = ProcessingJob.objects.filter(status__in=("queued", "running")).count()
    return active + Recording.objects.filter(jobs=None).count()


def longest_without_worker_s() -> float:
    """Return for how many seconds a step has been held by a worker that no longer renews its lease."""
    from transcripts import clock
    from transcripts.models import Step
    from transcripts.services.pipeline.steps import LEASE

    now = clock.now()
    # It was renewed for the last time so long before its end
    ends = Step.objects.filter(status="running", lease_until__lt=now).values_list("lease_until", flat=True)
    return max((now - end + LEASE for end in ends if end), default=timedelta()).total_seconds()


def compared_with(uploads: list[dict[str, Any]]) -> dict[str, int]:
    """Count what must not be: lost, stuck, done twice, words lost, uploads that were repeated without being marked."""
    from transcripts.models import Chunk, Recording

    recordings = list(Recording.objects.prefetch_related("transcripts__segments", "jobs"))
    failed = [one for one in recordings if not one.transcripts.all() and _is_failure_shown(one)]
    ids: dict[str, list[str]] = defaultdict(list)
    for upload in uploads:
        if upload["processing_id"]:
            ids[upload["sha256"]].append(upload["processing_id"])
    repeated = {sha256: len(found) - 1 for sha256, found in ids.items() if len(found) > 1}
    resends = dict(Chunk.objects.exclude(processing_id="").values_list("processing_id", "resends"))
    marked = {sha256: max((resends.get(one, 0) for one in ids[sha256]), default=0) for sha256 in repeated}
    return {
        "in_the_database": len(recordings),
        "transcribed": sum(bool(one.transcripts.all()) for one in recordings),
        "failed_with_a_message": len(failed),
        "lost": sum(not one.transcripts.all() for one in recordings) - len(failed),
        "stuck": unfinished(),
        "transcribed_twice": sum(len(one.transcripts.all()) > 1 for one in recordings),
        "words_lost": sum(_words(one) != WORDS for one in recordings if one.transcripts.all()),
        "uploads": sum(map(len, ids.values())),
        "uploaded_again": sum(repeated.values()),
        "uploaded_again_unmarked": sum(max(0, repeated[sha256] - marked[sha256]) for sha256 in repeated),
    }


def _is_failure_shown(recording: Any) -> bool:
    return any(job.status == "failed" and job.error_message for job in recording.jobs.all())


def _words(recording: Any) -> list[str]:
    segments = sorted(recording.transcripts.all()[0].segments.all(), key=lambda segment: segment.start_ms)
    return " ".join(segment.text for segment in segments).split()
