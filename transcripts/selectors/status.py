"""The status of a recording, in words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils import timezone

from transcripts.models.choices import JobStatus, Stage, StepKind, StepStatus, TranscriptStatus, WaitsFor

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProcessingJob, Step, Transcript
    from transcripts.selectors.queue import Position

Tone = Literal["plain", "good", "warn", "red"]
Kind = Literal["idle", "live", "working", "waiting", "ready", "failed", "cancelled"]

TONES: dict[str, Tone] = {TranscriptStatus.IN_REVIEW: "warn", TranscriptStatus.APPROVED: "good"}
# What a stage is called while it runs.
STAGE_WORDS: dict[str, str] = {
    Stage.PREPARING: "Preparing",
    Stage.SENDING: "Sending",
    Stage.QUEUED: "Queued for transcription",
    Stage.TRANSCRIBING: "Transcribing",
    Stage.ALIGNING: "Finding when each word is spoken",
    Stage.ASSEMBLING: "Assembling the transcript",
    Stage.DONE: "Finishing",
}
NEXT_SLICE = "The next part of it is sent when its turn comes, because the provider limits how many can be sent."
NO_PROVIDER = "No speech-to-text provider can take this now. The recording is saved and transcribed as soon as one can."
# Failures in two or three words, by the code of the job; the whole sentence is its message.
FAILURES: dict[str, str] = {
    "no_sound_track": "No audio track",
    "no_sound": "No audio",
    "empty_file": "Empty file",
    "incomplete_file": "Incomplete file",
    "not_media": "Not audio or video",
    "undecodable": "Damaged file",
    "unsupported_ds2": "DS2 not supported",
    "unsupported_midi": "Not audio or video",
    "unsupported_codec": "Format not supported",
    "rate_too_low": "Damaged file",
    "too_long": "Too long",
    "too_large": "Too large",
    "quota": "Monthly minutes used up",
    "language": "Language not supported",
    "provider_failed": "Rejected by the provider",
    "stopped": "Stopped by an operator",
}


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a recording.

    `percent` is of the present stage, None if unknown. `position` is that in the queue, from 1, and
    `seconds` the estimate until its turn. `until` is when work continues after a `reason` to pause, or since when
    a live session has been paused.
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
    place: Position | None = None,
) -> Status:
    """Tell a recording's status from its latest job and transcript; the job's steps should be prefetched."""
    if job is not None and job.is_active:
        return _active(job, place)
    # A failed re-transcription leaves the transcript as it was; its page says why.
    is_left = job is not None and job.base_transcript_id is not None and transcript is not None
    if job is not None and job.status == JobStatus.FAILED and not is_left:
        words = FAILURES.get(job.error_code, "Not transcribed")
        return Status("failed", words, tone="red", reason=job.error_message)
    if transcript is not None:
        return _readable(transcript)
    if job is not None and job.status == JobStatus.CANCELLED:
        return Status("cancelled", "Cancelled", reason="Cancelled. The recording is kept.")
    return Status("idle", "Waiting for a provider", tone="warn", reason=NO_PROVIDER)


def pause_of(job: ProcessingJob) -> Step | None:
    """Return the step that was put off because something went wrong and waits for its next try."""
    now = timezone.now()
    put_off = (step for step in job.steps.all() if step.status == StepStatus.READY and step.last_error)
    return next((step for step in put_off if step.due_at > now), None)


def _active(job: ProcessingJob, place: Position | None) -> Status:
    paused = pause_of(job)
    until = paused.due_at if paused else None
    reason = sentence_of(paused.last_error) if paused else ""
    # What the provider already has is processed there, even if a status check failed.
    if (paused and paused.kind != StepKind.CHECK) or job.stage == Stage.WAITING:
        # What may be sent nowhere has no turn
        has_turn = place is not None and not (paused and paused.waits_for == WaitsFor.PLACE)
        position, seconds = (place.position, place.seconds) if place and has_turn else (None, None)
        if place is not None and place.paused:
            until, reason = None, place.paused
        return Status("waiting", "Waiting", position=position, seconds=seconds, until=until, reason=reason)
    if job.stage == Stage.TRANSCRIBING and not reason and _is_next_slice_waiting(job):
        reason = NEXT_SLICE
    return Status("working", STAGE_WORDS[job.stage], percent=job.progress, until=until, reason=reason)


def _is_next_slice_waiting(job: ProcessingJob) -> bool:
    """Tell whether nothing of the job is at the provider or on its way, and the rest of its slices wait to be sent."""
    open_steps = [step for step in job.steps.all() if step.is_active]
    return bool(open_steps) and all(
        step.kind == StepKind.SUBMIT and step.status == StepStatus.READY for step in open_steps
    )


def sentence_of(error: str) -> str:
    """End an error with a full stop; replace the bare name of an exception, which says nothing to people."""
    if " " not in error:
        return "An unexpected error occurred."
    return error if error.endswith((".", "!", "?")) else f"{error}."


def _readable(transcript: Transcript) -> Status:
    if not transcript.word_count:
        return Status("ready", "No speech found", tone="warn", reason="No speech was found in this recording.")
    tone = TONES.get(transcript.status, "plain")
    return Status("ready", TranscriptStatus(transcript.status).label, tone=tone)
