"""The step that has words aligned: it sends them with their audio, asks until they are, and lets the assembly go on.

Nothing that fails here fails the job: the words keep their estimated times. What is sent is the instance's own and
costs nothing, so it may be sent twice.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock, meters, throttle
from transcripts.models import Alignment, MediaFile, ProcessingJob, ProviderCall, Step
from transcripts.models.choices import CallOutcome, MediaKind, Stage, StepKind, StepStatus, WaitsFor
from transcripts.providers.base import Aligner, State
from transcripts.providers.errors import ProviderError, RateLimited
from transcripts.services import storage
from transcripts.services.errors import NoProvider
from transcripts.services.pipeline import fair_queue, jobs, retries, steps, upload_slots
from transcripts.services.provider_accounts import accounts, keys, pausing
from transcripts.services.provider_accounts.routing import places

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

logger = logging.getLogger(__name__)

# An engine that has just started is asked again; one that is down for longer isn't waited for
POLICY = retries.Policy(attempts=4)
NO_ENGINE = "The engine can’t be asked any more."
NO_AUDIO = "The prepared audio is missing."
GAVE_UP = "Its worker ended {} times while it worked on this."


class _NoUse(Exception):
    """The words can't be aligned. The message says why."""


def run(held: steps.Claim) -> None:
    """Do what is next of the alignment. Raises steps.LostLease."""
    alignment = Alignment.objects.select_related("job__recording", "account").get(job=held.job_id)
    if alignment.ended_at is not None:  # the assembly no longer waits
        steps.finish(held)
        return
    try:
        with steps.renewing(held.owner):
            _ask(held, alignment) if alignment.processing_id else _send(held, alignment)
    except _NoUse as reason:
        _end(held, reason=str(reason))
    except ProviderError as error:
        _try_later(held, error)
    except (NoProvider, OSError, throttle.Unavailable) as error:
        logger.warning("Step %s (align) is given up: %s", held.step_id, type(error).__name__)
        _end(held, reason=NO_ENGINE)


def give_up(held: steps.Claim, reason: str) -> None:
    """End the step and let the assembly go on without it. Raises steps.LostLease."""
    _end(held, reason=reason)


@transaction.atomic
def abandon(step: Step) -> None:
    """End a step whose workers died, and let the assembly go on without it; do nothing if one came back to life."""
    # The job before its step, as everyone locks them
    list(ProcessingJob.objects.select_for_update(no_key=True).filter(pk=step.job_id).values_list("pk"))
    dead = Step.objects.filter(pk=step.pk, fence=step.fence, lease_until__lt=clock.now())
    if dead.transition(StepStatus.FAILED, lease_owner="", lease_until=None, finished_at=clock.now()):
        _note_end(step.job_id, None, GAVE_UP.format(step.kills + 1))


def _send(held: steps.Claim, alignment: Alignment) -> None:
    """Send the words once the engine has room: recordings that wait to be transcribed come first."""
    account = alignment.account
    if pausing.is_paused(account.pk) or not places.is_inside(account):
        raise _NoUse(NO_ENGINE)
    window, token = accounts.window(account), uuid.uuid4().hex
    if fair_queue.due(account.pk) or not upload_slots.acquire(window, token):
        steps.reschedule(held, due_at=clock.now() + retries.LEAST_INTERVAL)
        return
    refusal: ProviderError | None = None
    try:
        _upload(held, alignment)
    except ProviderError as error:
        refusal = error
        raise
    finally:
        upload_slots.settle(window, token, 0, refusal)


def _upload(held: steps.Claim, alignment: Alignment) -> None:
    """Send the words with their audio, and note what the engine calls this."""
    path = _audio(alignment)
    size = path.stat().st_size
    adapter = _adapter(alignment, upload_bytes=size)
    call = ProviderCall.objects.create(
        account=alignment.account, job=alignment.job, endpoint="align", started_at=clock.now(), bytes_sent=size
    )
    try:
        answer = adapter.align(path, [(word, at) for word, at in alignment.words], alignment.language)
    except ProviderError as error:
        outcome = CallOutcome.RATE_LIMITED if isinstance(error, RateLimited) else CallOutcome.ERROR
        _end_call(call, outcome, status_code=error.status_code, message=str(error)[:500])
        raise
    _end_call(call, CallOutcome.ACCEPTED, status_code=200, processing_id=answer.processing_id)
    with transaction.atomic():
        steps.reschedule(held, due_at=clock.now() + retries.FIRST_CHECK)
        Alignment.objects.filter(pk=alignment.pk).update(processing_id=answer.processing_id, sent_at=clock.now())


def _end_call(call: ProviderCall, outcome: CallOutcome, **fields: object) -> None:
    latency_ms = round((clock.now() - call.started_at).total_seconds() * 1000)
    ProviderCall.objects.filter(pk=call.pk).update(outcome=outcome, latency_ms=latency_ms, **fields)
    meters.count(meters.PROVIDER_CALLS, call.account.name, call.endpoint, outcome)


def _audio(alignment: Alignment) -> Path:
    audio = MediaFile.objects.filter(recording=alignment.job.recording_id, kind=MediaKind.AUDIO).first()
    if audio is None or not (path := storage.path_of(audio.storage_name)).exists():
        raise _NoUse(NO_AUDIO)
    return path


def _adapter(alignment: Alignment, *, upload_bytes: int = 0) -> Aligner:
    account = alignment.account
    adapter = accounts.provider(account, upload_bytes=upload_bytes, key=keys.choose(account))
    if not isinstance(adapter, Aligner):
        raise _NoUse(NO_ENGINE)
    return adapter


def _ask(held: steps.Claim, alignment: Alignment) -> None:
    """Ask how far the engine is, and note the times once it has them."""
    adapter = _adapter(alignment)
    answer = adapter.check(alignment.processing_id)
    if answer.state == State.COMPLETED:
        _end(held, times=_checked(adapter.times(answer.raw), alignment))
    elif answer.state == State.FAILED:
        raise _NoUse(answer.message)
    else:
        age = clock.now() - (alignment.sent_at or clock.now())
        steps.reschedule(held, due_at=clock.now() + retries.next_check(alignment.account, age))
        progress = None if answer.progress is None else round(answer.progress * 100)
        jobs.report_progress(alignment.job_id, Stage.ALIGNING, progress)


def _checked(times: list[tuple[int, int] | None], alignment: Alignment) -> list[tuple[int, int] | None]:
    if len(times) != alignment.word_count:
        raise _NoUse(f"The engine told {len(times)} times of {alignment.word_count} words.")
    return times


def _try_later(held: steps.Claim, error: ProviderError) -> None:
    due_at = POLICY.retry_at(Step.objects.get(pk=held.step_id), error)
    if due_at is None:
        _end(held, reason=str(error))
    else:
        steps.reschedule(held, due_at=due_at, error=str(error), failed=True)


@transaction.atomic
def _end(held: steps.Claim, *, times: list[tuple[int, int] | None] | None = None, reason: str = "") -> None:
    """Note what came of it and let the assembly go on. Raises steps.LostLease."""
    steps.finish(held)
    _note_end(held.job_id, times, reason)


def _note_end(job_id: UUID, times: list[tuple[int, int] | None] | None, reason: str) -> None:
    Alignment.objects.filter(job=job_id).update(times=times, reason=reason[:500], words=[], ended_at=clock.now())
    jobs.report_progress(job_id, Stage.ASSEMBLING)
    waiting = Step.objects.filter(job=job_id, kind=StepKind.ASSEMBLE, waits_for=WaitsFor.TIMES)
    if waiting.bring_forward():
        steps.wake(job_id, StepKind.ASSEMBLE)
