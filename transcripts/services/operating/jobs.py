"""What operators do about jobs, each conditional on the state it was meant for: a second press does nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F

from transcripts import clock, queue, throttle
from transcripts.models import ProcessingJob, Step
from transcripts.models.choices import JobStatus, StepKind, StepStatus
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.operating.words import counted
from transcripts.services.pipeline import jobs

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

# A press does so many; the page then shows the rest
AT_ONCE = 200


def ask_now(ids: str, actor: User) -> str:
    """Make the steps of these jobs due that wait after an error, and end the cool-down of their accounts."""
    waiting = Step.objects.filter(job_id__in=_read(ids), status=StepStatus.READY).select_related("job")
    found = list(waiting)
    for account_id in {step.job.account_id for step in found if step.kind in (StepKind.SUBMIT, StepKind.CHECK)}:
        with suppress(throttle.Unavailable):
            throttle.warm(account_id)
    with transaction.atomic():
        waiting.update(due_at=clock.now(), woken_at=None)
        for account_id in {step.job.account_id for step in found if step.kind == StepKind.SUBMIT}:
            queue.wake_submissions(account_id)
    return f"Trying {counted(len(found), 'recording')} again now."


def fail_jobs(ids: str, actor: User, reason: str) -> str:
    """End these jobs with a reason that the people whose recordings they are read."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("no_reason", "Say why, in a sentence that the people read whose recordings these are.")
    done = sum(_fail(job_id, actor, reason) for job_id in _read(ids))
    return f"Stopped {counted(done, 'transcription')}. The files are kept."


@transaction.atomic
def _fail(job_id: UUID, actor: User, reason: str) -> bool:
    if not jobs.fail(job_id, code="stopped", message=reason):
        return False
    activities.record("job:stopped", ProcessingJob.objects.get(pk=job_id).recording, actor=actor)
    return True


def retry_failed(code: str, actor: User) -> str:
    """Retry the recordings whose latest job failed for this reason, keeping what was finished."""
    done, refused = 0, ""
    for job in failed_for(code).select_related("recording")[:AT_ONCE]:
        try:
            jobs.retry(job.recording, actor=actor)
            done += 1
        except Refused as refusal:
            refused = str(refusal)
    if refused:
        raise Refused("not_all", f"{counted(done, 'recording')} retried; the others can’t be: {refused}")
    return f"Retrying {counted(done, 'recording')}."


def leave_failed(code: str, actor: User) -> str:
    """Take failures of this kind off the first page; their recordings stay as they are."""
    with transaction.atomic():
        found = list(failed_for(code).select_related("recording")[:AT_ONCE])
        for job in found:
            activities.record("job:left", job.recording, actor=actor, code=code)
        ProcessingJob.objects.filter(pk__in=[job.pk for job in found]).update(left_at=clock.now())
    return f"Left {counted(len(found), 'recording')} as it is." if len(found) == 1 else f"Left {len(found)} recordings."


def failed_for(code: str) -> QuerySet[ProcessingJob]:
    """Return the latest jobs of recordings that failed for this reason and weren't left."""
    return ProcessingJob.objects.filter(
        status=JobStatus.FAILED,
        error_code=code,
        left_at=None,
        recording__deleted_at=None,
        recording__latest_job=F("pk"),
    ).order_by("-finished_at")


def _read(ids: str) -> list[UUID]:
    """Read ids that the page sent; what is none is nothing. Raises Refused."""
    try:
        return [UUID(one) for one in ids.split(",") if one]
    except ValueError:
        raise Refused("nothing_to_do", "There is nothing to be done about this any more.") from None
