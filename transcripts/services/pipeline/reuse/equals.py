"""Chunks of a team that have the same key: those that are answered, and those whose answer is on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Team
from transcripts import clock, queue
from transcripts.models import Chunk, MediaFile, Step
from transcripts.models.choices import (
    ACTIVE_JOB,
    ChunkStatus,
    JobStatus,
    MediaKind,
    StepKind,
    StepStatus,
    WaitsFor,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from transcripts.models import ProcessingJob

# What waits for an answer is sent itself once that takes longer than this, and than its audio
PATIENCE = timedelta(minutes=10)
AT_ONCE = 200
# Their answers were read: one that failed, or is not understood, is no answer to anything else
GOOD = {"status": ChunkStatus.ANSWERED, "error_code": "", "job__status": JobStatus.SUCCEEDED}


def answered(team_id: int, key: str) -> QuerySet[Chunk]:
    """Return the chunks whose answer can be used, the latest of those that were sent first."""
    found = Chunk.objects.filter(job__recording__team=team_id, key=key, **GOOD) if key else Chunk.objects.none()
    return found.order_by("is_reused", "-answered_at", "-pk")


def is_on_its_way(chunk: Chunk, team_id: int) -> bool:
    """Tell whether a provider has the same audio and options, and may still answer before patience ends."""
    longest = max(PATIENCE, timedelta(milliseconds=chunk.end_ms - chunk.start_ms))
    at_provider = Q(status=ChunkStatus.SENDING) | Q(
        status__in=(ChunkStatus.SENT, ChunkStatus.ANSWERED), sent_at__gt=clock.now() - longest
    )
    return _others(chunk, team_id).filter(at_provider).exists()


def lock(chunk: Chunk, team_id: int) -> None:
    """Keep two that are the same from being sent at the same moment; the others of a team don't wait for each other."""
    if _others(chunk, team_id).exists():
        Team.objects.select_for_update(no_key=True).get(pk=team_id)


def _others(chunk: Chunk, team_id: int) -> QuerySet[Chunk]:
    """Return those of jobs under way."""
    same = Chunk.objects.filter(key=chunk.key, job__recording__team=team_id, job__status__in=ACTIVE_JOB)
    return same.exclude(pk=chunk.pk)


def to_look_at(account_id: int) -> QuerySet[Step]:
    """Return what is due to be sent and has no key yet, or the key of an answer; nothing that failed to be sent."""
    due = Step.objects.filter(
        kind=StepKind.SUBMIT,
        status=StepStatus.READY,
        due_at__lte=clock.now(),
        attempts=0,
        job__account=account_id,
        job__base_transcript=None,
    )
    whole = Chunk.objects.filter(job=OuterRef("job"), index=0, status=ChunkStatus.PENDING).values("key")
    known = MediaFile.objects.filter(recording=OuterRef("job__recording"), kind=MediaKind.AUDIO).exclude(sha256="")
    same = Chunk.objects.filter(key=OuterRef("key"), job__recording__team=OuterRef("job__recording__team"), **GOOD)
    keyed = due.annotate(key=Coalesce("chunk__key", Subquery(whole)))
    return keyed.filter(Q(key="") & Exists(known) | ~Q(key="") & Exists(same)).order_by("pk")[:AT_ONCE]


def release(job: ProcessingJob) -> None:
    """Have those that waited for the job's answers looked at again; call it in the transaction that ends the job."""
    keys = list(job.chunks.exclude(key="").values_list("key", flat=True))
    waiting = Step.objects.filter(
        Q(chunk__key__in=keys) | Q(chunk=None, job__chunks__key__in=keys),
        kind=StepKind.SUBMIT,
        status=StepStatus.READY,
        waits_for=WaitsFor.ANSWER,
        job__recording__team=job.recording.team_id,
    )
    if keys:
        for account_id in waiting.bring_forward():
            queue.wake_submissions(account_id)
