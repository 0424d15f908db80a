"""Asking providers how far they are: everything that is due, side by side, in one round.

The answer that completes a submission is stored word for word, in the transaction that ends the checking, before
anything reads it.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from transcripts import clock, events, meters, request_ids
from transcripts.models import Chunk, ProviderCall, Step
from transcripts.models.choices import CallOutcome, ChunkStatus, Stage, StepKind, StepStatus
from transcripts.providers.base import Answer, State
from transcripts.providers.errors import ProviderError, UnknownJob
from transcripts.services import activities
from transcripts.services.pipeline import failures, jobs, retries, steps
from transcripts.services.pipeline.slices import rows
from transcripts.services.provider_accounts import accounts, keys, refusals

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount
    from transcripts.providers.base import Provider
    from transcripts.services.provider_accounts.keys import Key

logger = logging.getLogger(__name__)

AT_ONCE = 200
SIDE_BY_SIDE = 16
# A provider may forget an id for a moment; so often in a row, over a minute, and it will not come back.
MOST_UNKNOWN = 6


def check_round() -> None:
    """Check everything that is due."""
    due = Step.objects.filter(kind=StepKind.CHECK, status=StepStatus.READY, due_at__lte=clock.now())
    held = steps.claim(list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]))
    if not held:
        return
    chunks = _chunks(held)
    chosen = _keys(chunks)
    adapters = {pk: accounts.provider(account, key=key) for pk, (account, key) in chosen.items()}
    with steps.renewing(held[0].owner), ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        asked: dict[Future[Answer], steps.Claim] = {}
        for claim in held:
            chunk = chunks[claim.step_id]
            asked[pool.submit(_ask, adapters[chunk.job.account_id], claim, chunk.processing_id)] = claim
        for answered in as_completed(asked):
            with request_ids.using(asked[answered].request_id):
                chunk = chunks[asked[answered].step_id]
                _take(asked[answered], chunk, answered, chosen[chunk.job.account_id][1])


def _ask(adapter: Provider, held: steps.Claim, processing_id: str) -> Answer:
    with request_ids.using(held.request_id):
        return adapter.check(processing_id)


def _chunks(held: list[steps.Claim]) -> dict[int, Chunk]:
    """Return what each step asks about: its slice, or all of the recording."""
    whole = Q(job_id__in=[claim.job_id for claim in held if not claim.chunk_id], index=0)
    slices = Q(pk__in=[claim.chunk_id for claim in held if claim.chunk_id])
    found: dict[object, Chunk] = {}
    for chunk in Chunk.objects.filter(whole | slices).select_related("job__account", "job__recording"):
        found[chunk.pk] = found[chunk.job_id] = chunk
    return {claim.step_id: found[claim.chunk_id or claim.job_id] for claim in held}


def _keys(chunks: dict[int, Chunk]) -> dict[int, tuple[ProviderAccount, Key]]:
    """One key an account and so one adapter, that the round's requests share its connections."""
    found: dict[int, ProviderAccount] = {chunk.job.account_id: chunk.job.account for chunk in chunks.values()}
    return {pk: (account, keys.choose(account)) for pk, account in found.items()}


def _take(held: steps.Claim, chunk: Chunk, answered: Future[Answer], key: Key) -> None:
    """Keep what one question brought."""
    try:
        with transaction.atomic():
            try:
                answer = answered.result()
            except ProviderError as error:
                refusals.note(chunk.job.account, key, error)
                _keep_failure(held, chunk, error)
            else:
                _keep_answer(held, chunk, answer)
    except steps.LostLease:
        logger.info("Step %s was given to another worker or cancelled", held.step_id)
    except Exception:
        # The lease runs out and the step is checked again; three such and the job ends with a sentence.
        logger.exception("Step %s (check) failed", held.step_id)


def _keep_answer(held: steps.Claim, chunk: Chunk, answer: Answer) -> None:
    if answer.state == State.PROCESSING:
        _ask_again(held, chunk, answer)
        return
    _log_call(chunk, CallOutcome.COMPLETED if answer.state == State.COMPLETED else CallOutcome.FAILED, 200)
    mine = Chunk.objects.filter(pk=chunk.pk)
    mine.transition(ChunkStatus.ANSWERED, answer=answer.raw, answered_at=clock.now())
    if answer.state == State.FAILED:
        message = f"The provider couldn’t transcribe this recording: {answer.message}"
        jobs.fail_step(held, code="provider_failed", message=message)
        return
    steps.finish(held)
    if held.chunk_id is None:
        activities.record("recording:answered", chunk.job.recording, bytes=len(answer.raw))
    jobs.continue_with(held)


def _ask_again(held: steps.Claim, chunk: Chunk, answer: Answer) -> None:
    age = clock.now() - (chunk.sent_at or clock.now())
    if age > _longest(chunk):
        hours = round(_longest(chunk) / timedelta(hours=1))
        message = (
            f"The provider received this recording {hours} hours ago and has not finished it. Try again to send it "
            "once more."
        )
        jobs.fail_step(held, code="never_finished", message=message)
        return
    due = clock.now() + retries.next_check(chunk.job.account, age)
    steps.reschedule(held, due_at=due)
    if answer.is_queued:
        jobs.report_progress(chunk.job_id, Stage.QUEUED)
        return
    progress = None if answer.progress is None else round(answer.progress * 100)
    if held.chunk_id:
        progress = rows.progress(chunk.job_id)
    jobs.report_progress(chunk.job_id, Stage.TRANSCRIBING, progress)


def _longest(chunk: Chunk) -> timedelta:
    """How long a provider may take: far longer than any does."""
    return max(timedelta(hours=24), timedelta(milliseconds=20 * (chunk.end_ms - chunk.start_ms)))


def _keep_failure(held: steps.Claim, chunk: Chunk, error: ProviderError) -> None:
    """Ask again later, or give up with a sentence. A submission is never sent again from here."""
    _log_call(chunk, CallOutcome.ERROR, error.status_code, str(error))
    step = Step.objects.get(pk=held.step_id)
    policy = retries.Policy(_longest(chunk), MOST_UNKNOWN if isinstance(error, UnknownJob) else None)
    soonest = retries.next_check(chunk.job.account, timedelta())
    # It is asked for with whatever key there is: the provider has it, and its answer is paid for
    due_at = refusals.retry_at(error, wait=soonest) or policy.retry_at(
        step, error, since=chunk.sent_at, at_least=soonest
    )
    if due_at is None:
        jobs.fail_step(held, code=error.code, message=failures.message_for(error))
        return
    reason = failures.reason_for(error, chunk.job.account.name)
    steps.reschedule(held, due_at=due_at, error=reason, failed=True)
    events.publish("recording.changed", chunk.job.recording)


def _log_call(chunk: Chunk, outcome: CallOutcome, status_code: int | None, message: str = "") -> None:
    ProviderCall.objects.create(
        account=chunk.job.account,
        job=chunk.job,
        endpoint="status",
        started_at=clock.now(),
        status_code=status_code,
        processing_id=chunk.processing_id,
        outcome=outcome,
        message=message[:500],
    )
    meters.count(meters.PROVIDER_CALLS, chunk.job.account.name, "status", outcome)
