"""The read side of a recording's page: how its text is being made, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from transcripts import access
from transcripts.models import Chunk, ProcessingJob, Step
from transcripts.models.choices import JobStatus, StepKind, StepStatus
from transcripts.services import library

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from transcripts.services.library import Row

State = Literal["done", "now", "ahead", "stopped"]


@dataclass(frozen=True, slots=True)
class Station:
    """One stage on the line from file to text. `at` is when it was passed."""

    name: str
    state: State
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """A recording, its stations, and every attempt at a transcript, the latest first."""

    row: Row
    stations: list[Station]
    jobs: list[ProcessingJob]
    has_answer: bool

    @property
    def attempts(self) -> int:
        """How many tries the steps of the latest job took beyond their first."""
        return sum(step.attempts + step.kills for step in self.row.job.steps.all()) if self.row.job else 0


def making_of(user: User, recording_id: UUID) -> Making:
    """Return how a recording is being made into text; raises access.NotFound for whoever may not see it."""
    row = library.row(user, recording_id)
    jobs = list(ProcessingJob.objects.filter(recording=row.recording).select_related("account", "transcript"))
    jobs.sort(key=lambda job: job.created_at, reverse=True)
    answered = _answered_at(row.job)
    return Making(row=row, stations=_stations(row, answered), jobs=jobs, has_answer=answered is not None)


def latest_answer(user: User, recording_id: UUID) -> tuple[ProcessingJob, list[bytes]]:
    """Return what the provider said word for word, slice by slice, for editors.

    Raises access.NotFound where there is no answer yet.
    """
    recording = access.get_recording_for(user, recording_id, to_edit=True)
    chunks = Chunk.objects.filter(job__recording=recording, answer__isnull=False).select_related("job")
    latest = chunks.order_by("-job__created_at").first()
    if latest is None:
        raise access.NotFound
    answers = chunks.filter(job=latest.job).order_by("index").values_list("answer", flat=True)
    return latest.job, [bytes(answer or b"") for answer in answers]


def _answered_at(job: ProcessingJob | None) -> datetime | None:
    if job is None:
        return None
    answered = job.chunks.filter(answered_at__isnull=False).order_by("-answered_at")
    return answered.values_list("answered_at", flat=True).first()


def _stations(row: Row, answered: datetime | None) -> list[Station]:
    job = row.job
    steps = {step.kind: step for step in job.steps.all()} if job else {}
    passed = [
        ("Uploaded", row.recording.created_at),
        ("Prepared", _finished(steps.get(StepKind.PREPARE))),
        ("Sent", _finished(steps.get(StepKind.SUBMIT))),
        ("Transcribed", answered),
        ("Ready", job.finished_at if job and job.status == JobStatus.SUCCEEDED else None),
    ]
    return _in_order(passed, active=job is not None and job.is_active)


def _finished(step: Step | None) -> datetime | None:
    return step.finished_at if step and step.status == StepStatus.DONE else None


def _in_order(passed: Sequence[tuple[str, datetime | None]], *, active: bool) -> list[Station]:
    """The first stage that is not passed is where the work is, or where it stopped."""
    stations: list[Station] = []
    reached = False
    for name, at in passed:
        state: State = "done" if at else "ahead" if reached else "now" if active else "stopped"
        reached = reached or not at
        stations.append(Station(name, state, at))
    return stations
