"""Recordings that were sent to the provider and are checked: their rows, made in bulk."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from transcripts import clock
from transcripts.models import Chunk, ProcessingJob, Recording, Step
from transcripts.models.choices import ChunkStatus, JobStatus, Stage, StepKind
from transcripts.services.provider_accounts.environment import from_environment


@transaction.atomic
def wait_for(ids: list[str], *, within: timedelta) -> None:
    """Wait for the submissions with these ids; their first checks fall due evenly within this time."""
    owner, account, now = User.objects.earliest("pk"), from_environment(), clock.now()
    recordings = [
        Recording(team=owner.personal_team, owner=owner, title=f"Sent {place}", filename="tone.wav", duration_ms=1000)
        for place in range(len(ids))
    ]
    jobs = [
        ProcessingJob(recording=one, account=account, status=JobStatus.RUNNING, stage=Stage.TRANSCRIBING)
        for one in recordings
    ]
    for one, job in zip(recordings, jobs, strict=True):
        one.latest_job_id, one.job_status = job.pk, job.status
    # One that is older than a minute is asked for less often: none becomes so old here
    sent = {"status": ChunkStatus.SENT, "end_ms": 1000, "sent_at": now + timedelta(hours=1)}
    Recording.objects.bulk_create(recordings)
    ProcessingJob.objects.bulk_create(jobs)
    Chunk.objects.bulk_create(Chunk(job=job, processing_id=id_, **sent) for job, id_ in zip(jobs, ids, strict=True))
    first = now + timedelta(seconds=10)
    Step.objects.bulk_create(
        Step(job=job, kind=StepKind.CHECK, due_at=first + within * place / len(ids)) for place, job in enumerate(jobs)
    )
