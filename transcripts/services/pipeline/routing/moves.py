"""Moving jobs that wait to another account: as long as nothing of them was sent.

A move and the intent to send lock the job first and read it then, so of both at the same moment one finds what the
other did. A step that a worker has claimed is left alone; a worker that claimed one of a job that was moved gives it
back (`may_send`). Each is one transaction, safe to repeat.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from transcripts import clock, events, queue
from transcripts.models import Chunk, ProcessingJob, Step
from transcripts.models.choices import ACTIVE_JOB, ChunkStatus, Stage, StepKind, StepStatus, WaitsFor
from transcripts.services import activities
from transcripts.services.pipeline import jobs, steps
from transcripts.services.pipeline.routing.choice import Choice, takes_slices
from transcripts.services.provider_accounts.routing import places
from transcripts.services.provider_accounts.wishes import told

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.models import ProviderAccount

# What may be sent nowhere is looked at again so often; a change of the rules brings it forward
AGAIN_AFTER = timedelta(minutes=1)
BEGUN = (
    "This team keeps audio on this instance, and a part of this recording was sent to {account} before, which is "
    "outside. The rest isn’t sent there. Cancel the transcription, then try again: it begins anew with a provider on "
    "this instance."
)


def claim(step_id: int, account: ProviderAccount) -> list[steps.Claim]:
    """Claim a step to send it to the account; nothing if it can't be claimed, or isn't to be sent there any more."""
    with suppress(steps.LostLease):
        return [held for held in steps.claim([step_id]) if may_send(held, account)]
    return []


@transaction.atomic
def may_send(held: steps.Claim, account: ProviderAccount) -> bool:
    """Lock the job of a claimed step; if the account isn't to send it, give the step back and return False.

    Raises steps.LostLease.
    """
    job = _locked(held.job_id)
    if job.account_id != account.pk:
        steps.reschedule(held, due_at=clock.now())
        queue.wake_submissions(job.account_id)
        return False
    if places.may_have(account, job.recording.team_id):
        return True
    reason = BEGUN.format(account=account) if _is_sent(job) else places.NOWHERE
    steps.reschedule(held, due_at=clock.now() + AGAIN_AFTER, error=reason, waits_for=WaitsFor.PLACE)
    jobs.report_progress(job.pk, Stage.WAITING)
    _tell(job)
    return False


@transaction.atomic
def move(job_id: UUID, source: ProviderAccount, to: Choice) -> bool:
    """Let a job that waits at `source` wait at another account; False if it doesn't any more, or was sent."""
    job = _locked(job_id)
    if job.account_id != source.pk or job.status not in ACTIVE_JOB or _is_begun(job) or not takes_slices(to, job):
        return False
    wishes = told(to.account, job.wishes, job.language).columns()
    ProcessingJob.objects.filter(pk=job.pk).update(account=to.account, moved_because=to.because, **wishes)
    now = clock.now()
    waiting = Step.objects.filter(job=job, kind=StepKind.SUBMIT, status=StepStatus.READY)
    waiting.exclude(waits_for=WaitsFor.BUDGET).update(
        due_at=now, patient_since=now, attempts=0, last_error="", waits_for="", woken_at=None
    )
    activities.record("job:moved", job.recording, provider=to.account.name, instead_of=source.name)
    queue.wake_submissions(to.account.pk)
    _tell(job)
    return True


def place(job: ProcessingJob, to: Choice | None) -> None:
    """Say where a job goes whose audio is prepared. Call it in the transaction that adds its step to send."""
    if to is None or to.account.pk == job.account_id:
        return
    wishes = told(to.account, job.wishes, job.language).columns()
    ProcessingJob.objects.filter(pk=job.pk).update(account=to.account, moved_because=to.because, **wishes)
    activities.record("job:moved", job.recording, provider=to.account.name, instead_of=job.account.name)
    job.refresh_from_db()


def _locked(job_id: UUID) -> ProcessingJob:
    """Return the job, locked first as whatever ends a step does."""
    list(ProcessingJob.objects.select_for_update(no_key=True).filter(pk=job_id).values_list("pk"))
    return ProcessingJob.objects.select_related("recording").get(pk=job_id)


def _is_begun(job: ProcessingJob) -> bool:
    """Tell whether anything of the job may be at a provider, or a worker is just sending it."""
    running = Step.objects.filter(job=job, kind=StepKind.SUBMIT, status=StepStatus.RUNNING)
    return _is_sent(job) or running.exists()


def _is_sent(job: ProcessingJob) -> bool:
    """Tell whether anything of the job may be at a provider."""
    return Chunk.objects.filter(~Q(status=ChunkStatus.PENDING) | Q(resends__gt=0), job=job).exists()


def _tell(job: ProcessingJob) -> None:
    events.publish("recording.changed", job.recording)
    events.publish_to_team("queue.changed", job.recording.team_id)
