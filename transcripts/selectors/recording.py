"""The read side of a recording's page: how its text is being made, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Sum

from transcripts import access
from transcripts.models import Chunk, MediaFile, ProcessingJob, ProviderCall
from transcripts.models.choices import CallOutcome, JobStatus, MediaKind, StepKind, StepStatus
from transcripts.selectors import library
from transcripts.selectors.operations.why import in_sentences
from transcripts.services.provider_accounts import keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import LiveSession, Recording
    from transcripts.models.processing import ChunkQuerySet
    from transcripts.selectors.library import Row

State = Literal["done", "now", "ahead", "stopped"]
# What a stage is called while the work is there.
GOING_ON = {
    "Prepared": "Preparing",
    "Sent": "Sending",
    "Transcribed": "Transcribing",
    "Saved": "Saving",
    "Ready": "Assembling",
}


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage on the line from file to text, named as it is now. `at` is when it was passed."""

    name: str
    state: State
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProcessingDetails:
    """A recording, its stages, and every attempt at a transcript, the latest first.

    `why` says why it is not done, while it is worked on. `sent_ms` is how much audio the provider accepted, all
    attempts together: what it will charge for.
    """

    row: Row
    stages: list[StageState]
    jobs: list[ProcessingJob]
    has_answer: bool
    sent_ms: int
    why: list[str]

    @property
    def tries(self) -> int:
        """How many tries of the latest job went wrong and were made again."""
        return sum(step.attempts + step.kills for step in self.row.job.steps.all()) if self.row.job else 0


def details_of(user: User, recording_id: UUID) -> ProcessingDetails:
    """Return how a recording is processed; raises access.NotFound for anyone who can't see it."""
    row = library.row(user, recording_id)
    jobs = ProcessingJob.objects.filter(recording=row.recording).select_related("account", "transcript")
    return ProcessingDetails(
        row=row,
        stages=_stages(row, _latest_chunk(row.job)),
        jobs=list(jobs.order_by("-created_at")),
        has_answer=_answers(row.recording).filter(job__compares=None).exists(),
        sent_ms=_sent_ms(row.recording),
        why=in_sentences(row.status, row.job) if row.job is not None and row.job.is_active else [],
    )


def latest_answer(user: User, recording_id: UUID) -> tuple[ProcessingJob, list[bytes]]:
    """Return what the provider said word for word, slice by slice, for editors.

    Raises access.NotFound if there is no answer yet.
    """
    recording = access.get_recording(user, recording_id, need=access.Level.DECIDE)
    answered = _answers(recording).filter(job__compares=None)
    latest = answered.select_related("job__account").order_by("-job__created_at").first()
    if latest is None:
        raise access.NotFound
    answers = _answers(recording).filter(job=latest.job).order_by("index").values_list("answer", flat=True)
    return latest.job, [keys.masked_answer(latest.job.account, bytes(answer or b"")) for answer in answers]


def _answers(recording: Recording) -> ChunkQuerySet:
    return Chunk.objects.filter(job__recording=recording, answer__isnull=False)


def _sent_ms(recording: Recording) -> int:
    taken = ProviderCall.objects.filter(job__recording=recording, endpoint="upload", outcome=CallOutcome.ACCEPTED)
    return taken.aggregate(total=Sum("audio_ms"))["total"] or 0


def _latest_chunk(job: ProcessingJob | None) -> Chunk | None:
    return job.chunks.defer("answer").order_by("-index").first() if job else None


def _stages(row: Row, chunk: Chunk | None) -> list[StageState]:
    """The stages with the moment each was passed; work that was kept from an earlier attempt counts as passed."""
    job, recording = row.job, row.recording
    session: LiveSession | None = getattr(recording, "live_session", None)
    if session is not None and job is None:
        spoken = [
            ("Recorded", session.created_at),
            ("Transcribed", session.finished_at),
            ("Ready", session.finished_at),
        ]
        return _in_order(spoken, active=session.finished_at is None)
    prepared = MediaFile.objects.filter(recording=recording, kind=MediaKind.AUDIO).first()
    succeeded = job is not None and job.status == JobStatus.SUCCEEDED
    check = next((step for step in job.steps.all() if step.kind == StepKind.CHECK), None) if job else None
    passed = [
        ("Uploaded", recording.created_at),
        ("Prepared", prepared.created_at if prepared else None),
        ("Sent", chunk.sent_at if chunk else None),
        ("Transcribed", check.finished_at if check and check.status == StepStatus.DONE else None),
        ("Saved", chunk.answered_at if chunk else None),
        ("Ready", job.finished_at if job and succeeded else None),
    ]
    if chunk and chunk.is_reused:
        passed[2:5] = [("Answer reused", chunk.answered_at)]
    return _in_order(passed, active=job is not None and job.is_active)


def _in_order(passed: Sequence[tuple[str, datetime | None]], *, active: bool) -> list[StageState]:
    """The first stage after all that were passed is where the work is, or where it stopped."""
    last = max((index for index, (_, at) in enumerate(passed) if at), default=-1)
    states = [_state(index - last, active=active) for index in range(len(passed))]
    return [
        StageState(GOING_ON[name] if state == "now" else name, state, at)
        for (name, at), state in zip(passed, states, strict=True)
    ]


def _state(distance: int, *, active: bool) -> State:
    if distance <= 0:
        return "done"
    if distance > 1:
        return "ahead"
    return "now" if active else "stopped"
