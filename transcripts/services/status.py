"""How a recording stands, in words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils import timezone

from transcripts.models.choices import JobStatus, Stage, StepKind, StepStatus, TranscriptStatus

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProcessingJob, Step, Transcript

Tone = Literal["plain", "good", "warn", "red"]
Kind = Literal["idle", "working", "waiting", "ready", "failed", "cancelled"]

TONES: dict[str, Tone] = {TranscriptStatus.IN_REVIEW: "warn", TranscriptStatus.APPROVED: "good"}
# What a stage is called while it runs.
STAGE_WORDS: dict[str, str] = {
    Stage.PREPARING: "Preparing",
    Stage.SENDING: "Sending",
    Stage.TRANSCRIBING: "Transcribing",
    Stage.ASSEMBLING: "Putting the text together",
    Stage.DONE: "Finishing",
}


@dataclass(frozen=True, slots=True)
class Status:
    """How a recording stands.

    `percent` is of the present stage, None where nobody can know it. `position` is the place in line from 1 and
    `seconds` the estimate until its turn. `until` is when work goes on after a `reason` to pause.
    """

    kind: Kind
    words: str
    tone: Tone = "plain"
    percent: int | None = None
    position: int | None = None
    seconds: int | None = None
    until: datetime | None = None
    reason: str = ""


def status_of(
    job: ProcessingJob | None,
    transcript: Transcript | None,
    *,
    position: int | None = None,
    seconds: int | None = None,
) -> Status:
    """Tell how a recording stands from its latest job and transcript; the job's steps should be prefetched."""
    if job is not None and job.is_active:
        return _active(job, position, seconds)
    if job is not None and job.status == JobStatus.FAILED:
        return Status("failed", _failure(job), tone="red", reason=job.error_message)
    if transcript is not None:
        return _readable(transcript)
    if job is not None and job.status == JobStatus.CANCELLED:
        return Status("cancelled", "Cancelled", reason="Nobody asked for more. The recording is kept.")
    return Status("idle", "Not started")


def pause_of(job: ProcessingJob) -> Step | None:
    """Return the step that was put off because something went wrong and waits for its next try."""
    now = timezone.now()
    paused = (
        step
        for step in job.steps.all()
        if step.status == StepStatus.READY and step.last_error and step.due_at > now and step.kind != StepKind.CHECK
    )
    return next(paused, None)


def _active(job: ProcessingJob, position: int | None, seconds: int | None) -> Status:
    paused = pause_of(job)
    if paused is not None:
        return Status("waiting", "Waiting", until=paused.due_at, reason=paused.last_error)
    if job.stage == Stage.WAITING:
        return Status("waiting", "Waiting", position=position, seconds=seconds)
    return Status("working", STAGE_WORDS[job.stage], percent=job.progress)


def _readable(transcript: Transcript) -> Status:
    if not transcript.word_count:
        return Status("ready", "No speech found", tone="warn", reason="No speech was found in this recording.")
    tone = TONES.get(transcript.status, "plain")
    return Status("ready", TranscriptStatus(transcript.status).label, tone=tone)


def _failure(job: ProcessingJob) -> str:
    """A failure in two or three words; the whole sentence is the reason."""
    return FAILURES.get(job.error_code, "Not transcribed")


FAILURES: dict[str, str] = {
    "no_audio": "No sound track",
    "not_media": "Not a recording",
    "too_large": "Too large",
    "too_long": "Too long",
    "language": "Language unknown",
}
