"""Why a recording is not done, in words: the same for its page, the console and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import clock, queue
from transcripts.models.choices import Stage, StepKind, StepStatus
from transcripts.selectors import reused
from transcripts.selectors.library import rows
from transcripts.selectors.queue import positions
from transcripts.selectors.status import pause_of, status_of
from transcripts.services.operating.words import counted, in_words
from transcripts.services.operations import conductor
from transcripts.services.pipeline.steps import MOST_KILLS, QUEUE_OF

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProcessingJob, Recording, Step
    from transcripts.selectors.status import Status

LIMITED = "The provider limits how many recordings can be sent. This one is saved and will be sent when its turn comes."
NO_CONDUCTOR = "No process of this instance is working at the moment. Work continues when it is started again."
NO_WORKER = "No worker that does this is running. Work continues when one is started."
CAN_DO = {
    "failed": "Retry on the recording’s page: finished work is kept and not paid for twice.",
    "cancelled": "Start again on the recording’s page.",
}


def why(recording: Recording) -> list[str]:
    """Say why the recording is not done: first what it does or waits for, then the facts behind that."""
    if recording.deleted_at is not None:
        return ["It is in the trash."]
    job, session = recording.latest_job, rows.open_session(recording)
    if session is not None:
        return in_sentences(rows.live_status(session), job)
    place = positions({recording.team_id}).get(job.pk) if job and job.stage == Stage.WAITING else None
    return in_sentences(status_of(job, recording.latest_transcript, place=place), job)


def in_sentences(status: Status, job: ProcessingJob | None) -> list[str]:
    """Say a status with the facts behind it. The job's steps should be prefetched."""
    if status.kind == "ready":
        return [status.reason or "It is done: there is a transcript.", *filter(None, [reused.sentence(job)])]
    if status.kind == "live":
        return [f"{status.words}: it is recorded and transcribed as it is spoken."]
    if status.kind in ("failed", "cancelled") or job is None:
        return [status.reason or status.words, *filter(None, [CAN_DO.get(status.kind)])]
    now = clock.now()
    return [_first(status), *_moved(job), *_position(status), *_steps(job, now), *_processes(job)]


def _first(status: Status) -> str:
    if status.kind == "waiting":
        return status.reason or LIMITED
    progress = "" if status.percent is None else f", {status.percent} % done"
    return f"{status.words}{progress}." + (f" {status.reason}" if status.reason else "")


def _moved(job: ProcessingJob) -> list[str]:
    """Say why it waits for another account than the first of its list."""
    return [job.moved_because] if job.moved_because and job.stage == Stage.WAITING else []


def _position(status: Status) -> list[str]:
    if status.position is None:
        return []
    first = "It is next in the queue" if status.position == 1 else f"It is number {status.position:,} in the queue"
    return [f"{first}, sent in about {in_words(status.seconds)}." if status.seconds is not None else f"{first}."]


def _steps(job: ProcessingJob, now: datetime) -> list[str]:
    """Say what became of earlier attempts, and when the next one is."""
    said = []
    paused = pause_of(job)
    for step in job.steps.all():
        if step.kills and step.is_active:
            said.append(
                f"Its worker ended {counted(step.kills, 'time')} while it worked on this; "
                f"after {MOST_KILLS} it is given up."
            )
        elif step.attempts and step.is_active:
            said.append(
                f"{counted(step.attempts, 'attempt')} failed and {'is' if step.attempts == 1 else 'are'} retried."
            )
    if paused is not None:
        said.append(f"The next attempt is in {in_words(max(1, round((paused.due_at - now).total_seconds())))}.")
    return said


def _processes(job: ProcessingJob) -> list[str]:
    """Say if no one is there to do the next step."""
    if not conductor.is_running():
        return [NO_CONDUCTOR]
    current = _current(job)
    if current is None or current.status == StepStatus.RUNNING:
        return []
    try:
        workers = queue.workers()
    except queue.Unavailable:
        return [NO_CONDUCTOR]
    wanted = QUEUE_OF[StepKind(current.kind)]
    return [] if any(wanted in worker.queues for worker in workers) else [NO_WORKER]


def _current(job: ProcessingJob) -> Step | None:
    active = sorted((step for step in job.steps.all() if step.is_active), key=lambda step: step.waits_for != "")
    return active[0] if active else None
