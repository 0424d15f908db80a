"""Sending audio to a provider: the intent committed before the request, the answer right after.

What the provider answered is a fact about the chunk and the bill, stored even if the step was cancelled or given to
another worker since; only what follows from it is the step's, and fenced.

A chunk is `sending` while the request runs. If it is unknown how it ended (the worker died, the connection broke
after the request began) it is `unknown`: SpeechStream has no way to look an upload up, so it is sent again, at most
`MOST_RESENDS` times, and each such call stays marked for the operator who checks the bill. An answer of 200 that is
complete and cannot be read is another matter: the upload was accepted, so the answer is stored, and only a person can
have it sent again.
"""

from __future__ import annotations

import logging
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from transcripts import clock, events, meters, request_ids, throttle
from transcripts.models import Chunk, MediaFile, ProcessingJob, ProviderAccount, ProviderCall, Step
from transcripts.models.choices import CallOutcome, ChunkStatus, Stage, StepKind, WaitsFor
from transcripts.providers.base import Answer, State
from transcripts.providers.errors import Ambiguous, ProviderError, RateLimited, Unreadable
from transcripts.services import activities, callbacks, quotas
from transcripts.services.costs import budgets, charges
from transcripts.services.errors import Refused
from transcripts.services.pipeline import failures, fair_queue, jobs, retries, steps, upload_slots, waits
from transcripts.services.pipeline.reuse import taking
from transcripts.services.pipeline.routing import moves
from transcripts.services.pipeline.slices import rows
from transcripts.services.pipeline.slices.sending import Outgoing, outgoing
from transcripts.services.provider_accounts import accounts, keys, languages, limits, pausing, refusals, wishes

if TYPE_CHECKING:
    from transcripts.models.processing import ChunkQuerySet

logger = logging.getLogger(__name__)

MOST_RESENDS = 2
# A longer outage of a provider does not end without an administrator.
POLICY = retries.Policy(patience=timedelta(hours=24))
UNFORESEEN = (
    "Sending failed for a day for a reason that has nothing to do with the file. An administrator can find it in the "
    "log. Nothing is lost: try again once it is fixed."
)


@dataclass(frozen=True, slots=True)
class Sending:
    """One upload under way."""

    held: steps.Claim
    account: ProviderAccount
    job: ProcessingJob
    chunk: Chunk
    call: ProviderCall
    audio: MediaFile
    file: Outgoing


def submit_round(account_id: int) -> None:
    """Send what waits for the account, in turn, for as long as its limit gives slots."""
    taking.take_all(account_id)
    account = ProviderAccount.objects.get(pk=account_id)
    window = accounts.window(account)
    sent: set[int] = set()
    while not pausing.is_paused(account_id) and (
        waiting := [step_id for step_id in fair_queue.due(account_id) if step_id not in sent]
    ):
        token = uuid.uuid4().hex
        if not upload_slots.acquire(window, token):
            return
        held = _first_claim(account, waiting)
        with request_ids.using(held.request_id if held else ""):
            is_sent = held is not None and _send(account, held, window, token)
        if not is_sent:
            upload_slots.release(window, token)
        if held:
            sent.add(held.step_id)


def _first_claim(account: ProviderAccount, step_ids: list[int]) -> steps.Claim | None:
    for step_id in step_ids:
        for held in moves.claim(step_id, account):
            return held
    return None


def _send(account: ProviderAccount, held: steps.Claim, window: throttle.Window, token: str) -> bool:
    """Send one recording or slice; False if the provider was not asked at all."""
    try:
        with steps.renewing(held.owner), outgoing(account, held) as file:
            sending = _intend(account, held, file) if file else None
            if sending is None:
                return False
            _upload(sending, window, token)
    except steps.LostLease:
        logger.info("Step %s was given to another worker or cancelled", held.step_id)
    except Exception as error:
        logger.exception("Step %s (submit) failed", held.step_id)
        with suppress(steps.LostLease):
            _recover(held, error)
    return True


def _recover(held: steps.Claim, error: Exception) -> None:
    """Put off a step after an unexpected error, for as long as an unreachable provider is waited for."""
    step = Step.objects.filter(pk=held.step_id).first()
    if step is None:
        return
    due_at = POLICY.retry_at(step, error)
    if due_at is None:
        jobs.fail_step(held, code="unexpected", message=UNFORESEEN)
    else:
        steps.reschedule(held, due_at=due_at, error=type(error).__name__, failed=True)


@transaction.atomic
def _intend(account: ProviderAccount, held: steps.Claim, file: Outgoing) -> Sending | None:
    """Commit that the upload is about to begin; None if it must not."""
    if not moves.may_send(held, account):
        return None
    job = ProcessingJob.objects.select_related("recording__team").get(pk=held.job_id)
    budget = budgets.locked(job.recording.team)
    chunk = Chunk.objects.get(pk=held.chunk_id) if held.chunk_id else rows.ensure_chunk(job)
    if taking.settled(held, job, chunk):
        return None
    jobs.mark_running(job.pk)
    if chunk.status in (ChunkStatus.SENT, ChunkStatus.ANSWERED):
        _continue(held, job, chunk)
        return None
    if objection := _objection(account, job, chunk, file):
        jobs.fail_step(held, code=objection[0], message=objection[1])
        return None
    cost = charges.cost_micros(account.price_a_minute, chunk.end_ms - chunk.start_ms)
    if budget is not None and (reason := budgets.objection(budget, cost)):
        waits.put_off(held, job, WaitsFor.BUDGET, reason, until=quotas.next_month())
        return None
    _mark_sending(chunk)
    call = ProviderCall.objects.create(
        account=account,
        job=job,
        endpoint="upload",
        request_key=chunk.request_key,
        started_at=clock.now(),
        bytes_sent=file.bytes,
        audio_ms=chunk.end_ms - chunk.start_ms,
    )
    charges.charge_upload(call, job.recording.team)
    if budget is not None:
        budgets.warn(budget)
    jobs.report_progress(job.pk, Stage.SENDING)
    events.publish_to_team("queue.changed", job.recording.team_id)
    return Sending(held, account, job, chunk, call, file.audio, file)


def _objection(account: ProviderAccount, job: ProcessingJob, chunk: Chunk, file: Outgoing) -> tuple[str, str] | None:
    """Why this must not be sent: a code and a sentence."""
    try:
        languages.refuse_unknown_language(account, job.language)
        if chunk.status == ChunkStatus.PENDING:
            quotas.refuse_minutes(job.recording.team, job.requested_by, chunk.end_ms - chunk.start_ms)
    except Refused as refusal:
        return "quota" if isinstance(refusal, quotas.QuotaExceeded) else "language", str(refusal)
    if not file.path.exists():
        return "sound_missing", "The prepared audio of this recording is missing. Try again to prepare it anew."
    if unfit := limits.objection(account, size=file.bytes, length_ms=chunk.end_ms - chunk.start_ms):
        return unfit
    if chunk.status in (ChunkStatus.SENDING, ChunkStatus.UNKNOWN) and chunk.resends >= MOST_RESENDS:
        return "unclear", (
            f"The connection to the provider broke {MOST_RESENDS + 1} times while this was sent, so it is unknown "
            "whether it arrived. Try again when the connection is stable; the console lists the calls."
        )
    return None


def _mark_sending(chunk: Chunk) -> None:
    """Note the intent. A chunk found `sending` was cut off by a crash, so this is a second sending."""
    mine = Chunk.objects.filter(pk=chunk.pk)
    if chunk.status == ChunkStatus.SENDING:
        mine.transition(ChunkStatus.UNKNOWN)
        calls = ProviderCall.objects.filter(request_key=chunk.request_key, outcome=CallOutcome.SENDING)
        calls.update(outcome=CallOutcome.UNKNOWN, message="The worker died while this was sent.")
    resends = 0 if chunk.status == ChunkStatus.PENDING else 1
    chunk.request_key = uuid.uuid4()
    if not mine.transition(ChunkStatus.SENDING, request_key=chunk.request_key, resends=F("resends") + resends):
        raise steps.LostLease


def _upload(sending: Sending, window: throttle.Window, token: str) -> None:
    """Send the audio and keep the answer; the slot learns when it began and when it was answered."""
    key = keys.choose(sending.account)
    adapter = accounts.provider(sending.account, upload_bytes=sending.file.bytes, key=key)
    began = time.monotonic()
    try:
        wished = wishes.options_of(sending.job, sending.audio.content_type)
        options = replace(wished, callback=callbacks.address_for(sending.chunk))
        upload_slots.begin(window, token)
        answer = adapter.submit(sending.file.path, options)
    except ProviderError as error:
        upload_slots.settle(window, token, _elapsed_ms(began), error)
        refusals.note(sending.account, key, error)
        _keep_failure(sending, error, _elapsed_ms(began))
    else:
        upload_slots.settle(window, token, _elapsed_ms(began))
        refusals.note_accepted(sending.account, key)
        _keep_answer(sending, answer, _elapsed_ms(began))


def _elapsed_ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _keep_answer(sending: Sending, answer: Answer, latency_ms: int) -> None:
    """Store the processing id, or the whole answer of a provider that answers immediately."""
    now = clock.now()
    with transaction.atomic():
        _end_call(sending, CallOutcome.ACCEPTED, latency_ms, status_code=200, processing_id=answer.processing_id)
        if answer.state == State.COMPLETED:
            _mine(sending).transition(ChunkStatus.ANSWERED, answer=answer.raw, sent_at=now, answered_at=now)
        else:
            _mine(sending).transition(ChunkStatus.SENT, processing_id=answer.processing_id, sent_at=now)
        if sending.held.chunk_id is None:
            activities.record("recording:sent", sending.job.recording, provider=sending.account.name)
    sending.chunk.refresh_from_db(fields=["status"])
    _continue(sending.held, sending.job, sending.chunk)


@transaction.atomic
def _continue(held: steps.Claim, job: ProcessingJob, chunk: Chunk) -> None:
    """Continue with what the provider has already. Raises steps.LostLease."""
    steps.finish(held)
    if chunk.status == ChunkStatus.ANSWERED:
        jobs.continue_with(held)
    else:
        steps.add(job, StepKind.CHECK, due_at=clock.now() + retries.FIRST_CHECK, chunk_id=held.chunk_id)
        jobs.report_progress(job.pk, Stage.TRANSCRIBING)
    events.publish_to_team("queue.changed", job.recording.team_id)


def _keep_failure(sending: Sending, error: ProviderError, latency_ms: int) -> None:
    """Keep what went wrong, and put the step off or end the job."""
    outcomes = {
        Ambiguous: CallOutcome.UNKNOWN,
        RateLimited: CallOutcome.RATE_LIMITED,
        Unreadable: CallOutcome.ACCEPTED,
    }
    outcome = outcomes.get(type(error), CallOutcome.ERROR)
    with transaction.atomic():
        _end_call(sending, outcome, latency_ms, status_code=error.status_code, message=str(error)[:500])
        kept = {"answer": error.raw} if isinstance(error, Unreadable) and error.raw else {}
        _mine(sending).transition(ChunkStatus.UNKNOWN if isinstance(error, Ambiguous) else ChunkStatus.PENDING, **kept)
    if isinstance(error, RateLimited):
        upload_slots.cool(sending.account, error)
    _try_later(sending, error)


@transaction.atomic
def _try_later(sending: Sending, error: ProviderError) -> None:
    """Put the step off, or end the job if that cannot help. Raises steps.LostLease."""
    step = Step.objects.get(pk=sending.held.step_id)
    due_at = refusals.retry_at(error) or POLICY.retry_at(step, error)
    if due_at is None:
        jobs.fail_step(sending.held, code=error.code, message=failures.message_for(error))
        return
    steps.reschedule(sending.held, due_at=due_at, error=failures.reason_for(error, sending.account.name), failed=True)
    jobs.report_progress(sending.job.pk, Stage.WAITING)
    events.publish("recording.changed", sending.job.recording)
    events.publish_to_team("queue.changed", sending.job.recording.team_id)


def _mine(sending: Sending) -> ChunkQuerySet:
    """The chunk, unless another worker has begun to send it since."""
    return Chunk.objects.filter(pk=sending.chunk.pk, request_key=sending.chunk.request_key)


def _end_call(sending: Sending, outcome: CallOutcome, latency_ms: int, **fields: object) -> None:
    ProviderCall.objects.filter(pk=sending.call.pk).update(outcome=outcome, latency_ms=latency_ms, **fields)
    if outcome in charges.NOT_TAKEN and charges.void(sending.call):
        budgets.release(sending.job.recording.team)
    meters.count(meters.PROVIDER_CALLS, sending.account.name, "upload", outcome)
    meters.observe(meters.PROVIDER_SECONDS, latency_ms / 1000, sending.account.name)
    logger.info("Upload %s to %s: %s in %s ms", sending.call.request_key, sending.account, outcome, latency_ms)
