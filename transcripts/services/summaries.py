"""What the library reads of a recording without looking at its jobs, transcripts and assignments (decision 32).

Whoever writes one of these calls `refresh` in the same transaction, last: everyone locks a job or a transcript before
its recording. Edits, which only move the share that is reviewed, call `follow_review`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from transcripts.models import ProcessingJob, Recording, Transcript
from transcripts.models.choices import ReviewStage, TranscriptStatus
from transcripts.models.recordings import NEVER, NOT_REVIEWABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

TOLD = ("pk", "status", "word_count", "reviewed_words", "assignment__assignee", "assignment__due_on")


@transaction.atomic(savepoint=False)
def refresh(recording_id: UUID) -> None:
    """Write what the latest job and transcript of a recording say now; call it in the transaction that changed them."""
    locked = Recording.objects.select_for_update(no_key=True).filter(pk=recording_id)
    for recording in locked:
        new = derived(recording_id)
        changed = [name for name, value in new.items() if getattr(recording, name) != value]
        if changed:
            Recording.objects.filter(pk=recording_id).update(**{name: new[name] for name in changed})


def follow_review(transcript_id: UUID) -> None:
    """Write how much of a transcript is reviewed, if its recording shows that; call it in the edit's transaction."""
    found = Transcript.objects.values("status", "word_count", "reviewed_words").get(pk=transcript_id)
    percent = _percent(found)
    shown = Recording.objects.filter(latest_transcript=transcript_id).exclude(reviewed_percent=percent)
    shown.update(reviewed_percent=percent)


def derived(recording_id: UUID) -> dict[str, Any]:
    """Return the columns as jobs, transcripts and assignments give them."""
    # What is made to be compared with a transcript says nothing of the recording
    jobs = ProcessingJob.objects.filter(recording=recording_id, compares=None).order_by("-created_at")
    job = jobs.values("pk", "status").first()
    told = Transcript.objects.filter(recording=recording_id).order_by("-created_at").values(*TOLD).first()
    return {
        "latest_job_id": job["pk"] if job else None,
        "job_status": job["status"] if job else "",
        "latest_transcript_id": told["pk"] if told else None,
        "review": _stage(told) if told else "",
        "reviewer_id": told["assignment__assignee"] if told else None,
        "due_on": _due_on(told) if told else NEVER,
        "reviewed_percent": _percent(told) if told else NOT_REVIEWABLE,
    }


def _stage(told: Mapping[str, Any]) -> ReviewStage:
    if told["status"] == TranscriptStatus.APPROVED:
        return ReviewStage.APPROVED
    is_due = told["status"] == TranscriptStatus.IN_REVIEW or told["assignment__assignee"] is not None
    return ReviewStage.DUE if is_due else ReviewStage.DRAFT


def _due_on(told: Mapping[str, Any]) -> Any:
    """What is approved is not due any more."""
    return NEVER if told["status"] == TranscriptStatus.APPROVED else told["assignment__due_on"] or NEVER


def _percent(told: Mapping[str, Any]) -> int:
    """An approved transcript is reviewed, whatever was ticked in it."""
    if not told["word_count"]:
        return NOT_REVIEWABLE
    if told["status"] == TranscriptStatus.APPROVED:
        return 100
    return int(100 * told["reviewed_words"] // told["word_count"])
