"""Asking providers how far they are: everything that is due, side by side, in one round.

The answer that completes a submission is stored word for word, in the transaction that ends the checking, before
anything reads it.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Min, Q

from transcripts import clock, events, meters, queue, request_ids
from transcripts.models import Chunk, ProviderAccount, ProviderCall, Step
from transcripts.models.choices import CallOutcome, ChunkStatus, Stage, StepKind, StepStatus
from transcripts.providers.base import Answer, State
from transcripts.providers.errors import AuthenticationFailed, ProviderError, UnknownJob
from transcripts.services import activities
from transcripts.services.pipeline import failures, jobs, retries, steps
from transcripts.services.pipeline.slices import rows
from transcripts.services.provider_accounts import accounts, keys, refusals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from transcripts.providers.base import Provider
    from transcripts.services.provider_accounts.keys import Key

logger = logging.getLogger(__name__)

# So many are claimed together and asked side by side, for one that is far away answers late
TOGETHER = 250
SIDE_BY_SIDE = 64
# What is answered within this time is written together
WRITTEN_EVERY_S = 0.05
# A round waits for what falls due so soon, rather than a new one being begun for each, and asks as often as this. It
# ends when other short work waits, and after so long in any case, for keys and limits are read once a round.
SOON = timedelta(milliseconds=500)
ASKED_EVERY_S = 0.1
LONGEST_ROUND_S = 30.0
# A provider may forget an id for a moment; so often in a row, over a minute, and it will not come back.
MOST_UNKNOWN = 6

# Of chunks that are only to be asked about again; of others the rest is read then
READ = ("processing_id", "sent_at", "start_ms", "end_ms", "job__account_id", "job__stage", "job__progress")
# What is checked, and about what it asks
Asked = tuple[steps.Claim, Chunk]


def check_round() -> None:
    """Check everything that is due, and what falls due while that is done or shortly after."""
    ends, again_at, known = time.monotonic() + LONGEST_ROUND_S, 0.0, _Accounts()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while (wait_s := _until_due()) is not None:
            pause_s = max(wait_s, again_at - time.monotonic())
            time.sleep(min(pause_s, ASKED_EVERY_S))
            if pause_s <= ASKED_EVERY_S:
                again_at = time.monotonic() + ASKED_EVERY_S
                _check_due(pool, known)
            if time.monotonic() > ends or queue.is_awaited("default", besides="check_round-"):
                # The conductor would see only later that more falls due
                queue.wake_round("check_round")
                return


def _until_due() -> float | None:
    """Return the seconds until the next check; None if it isn't due soon."""
    first = Step.objects.filter(kind=StepKind.CHECK, status=StepStatus.READY).aggregate(first=Min("due_at"))["first"]
    wait = None if first is None else first - clock.now()
    return None if wait is None or wait > SOON else max(0.0, wait.total_seconds())


def _check_due(pool: ThreadPoolExecutor, known: _Accounts) -> None:
    due = Step.objects.filter(kind=StepKind.CHECK, status=StepStatus.READY, due_at__lte=clock.now())
    held = steps.claim(list(due.order_by("due_at").values_list("pk", flat=True)[:TOGETHER]))
    if not held:
        return
    chunks = _chunks(held, known)
    with steps.renewing(held[0].owner):
        asked: dict[Future[Answer], Asked] = {}
        for claim in held:
            chunk = chunks[claim.step_id]
            asked[pool.submit(_ask, known.adapter(chunk), claim, chunk.processing_id)] = (claim, chunk)
        while asked:
            wait(asked, return_when=FIRST_COMPLETED)
            done, _ = wait(asked, timeout=WRITTEN_EVERY_S)
            _take_all({answered: asked.pop(answered) for answered in done}, known)


class _Accounts:
    """The accounts that a round asks, each with one key and one adapter, so that its requests share connections."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[ProviderAccount, Key, Provider]] = {}
        self._refused: set[int] = set()

    def give(self, chunks: Iterable[Chunk]) -> None:
        """Give each chunk's job its account, read once a round."""
        chunks = list(chunks)
        missing = {chunk.job.account_id for chunk in chunks} - (set(self._of) - self._refused)
        self._refused -= missing
        for account in ProviderAccount.objects.filter(pk__in=missing):
            key = keys.choose(account)
            self._of[account.pk] = (account, key, accounts.provider(account, key=key))
        for chunk in chunks:
            chunk.job.account = self._of[chunk.job.account_id][0]

    def forget(self, chunk: Chunk) -> None:
        """Choose the account's key anew before the next questions, for this one was refused."""
        self._refused.add(chunk.job.account_id)

    def key(self, chunk: Chunk) -> Key:
        """Return the key that its account is asked with."""
        return self._of[chunk.job.account_id][1]

    def adapter(self, chunk: Chunk) -> Provider:
        """Return what speaks to its account."""
        return self._of[chunk.job.account_id][2]


def _ask(adapter: Provider, held: steps.Claim, processing_id: str) -> Answer:
    with request_ids.using(held.request_id):
        return adapter.check(processing_id)


def _chunks(held: list[steps.Claim], known: _Accounts) -> dict[int, Chunk]:
    """Return what each step asks about: its slice, or all of the recording."""
    whole = Q(job_id__in=[claim.job_id for claim in held if not claim.chunk_id], index=0)
    slices = Q(pk__in=[claim.chunk_id for claim in held if claim.chunk_id])
    found: dict[object, Chunk] = {}
    for chunk in Chunk.objects.filter(whole | slices).select_related("job").only(*READ):
        found[chunk.pk] = found[chunk.job_id] = chunk
    known.give(found.values())
    return {claim.step_id: found[claim.chunk_id or claim.job_id] for claim in held}


def _take_all(answers: dict[Future[Answer], Asked], known: _Accounts) -> None:
    """Keep what several questions brought: those whose recordings are still in work all together."""
    now = clock.now()
    in_work: list[Asked] = []
    for answered, (held, chunk) in answers.items():
        if _is_nothing_new(answered, held, chunk, now):
            in_work.append((held, chunk))
            continue
        if isinstance(answered.exception(), AuthenticationFailed):
            known.forget(chunk)
        with request_ids.using(held.request_id):
            _take(held, chunk, answered, known.key(chunk))
    if in_work:
        _ask_all_again(in_work, now)


def _is_nothing_new(answered: Future[Answer], held: steps.Claim, chunk: Chunk, now: datetime) -> bool:
    """Tell whether it is only to be asked again: in work as before, with nothing that people would see."""
    if answered.exception() is not None or answered.result().state != State.PROCESSING or held.chunk_id:
        return False
    answer, job = answered.result(), chunk.job
    shown = (Stage.QUEUED, None) if answer.is_queued else (Stage.TRANSCRIBING, _percent(answer))
    return (job.stage, job.progress) == shown and _age(chunk, now) <= _longest(chunk)


def _ask_all_again(in_work: list[Asked], now: datetime) -> None:
    """Ask again later, each as its age wants it."""
    waits: dict[timedelta, list[steps.Claim]] = defaultdict(list)
    for held, chunk in in_work:
        waits[retries.next_check(chunk.job.account, _age(chunk, now))].append(held)
    try:
        held_still = steps.reschedule_all(waits)
    except Exception:
        # As for a single one: leases run out, and the steps are checked again
        logger.exception("%s checks could not be put off", len(in_work))
    else:
        if held_still < len(in_work):
            logger.info("%s steps were given to another worker or cancelled", len(in_work) - held_still)


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
    age = _age(chunk, clock.now())
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
    progress = rows.progress(chunk.job_id) if held.chunk_id else _percent(answer)
    jobs.report_progress(chunk.job_id, Stage.TRANSCRIBING, progress)


def _percent(answer: Answer) -> int | None:
    return None if answer.progress is None else round(answer.progress * 100)


def _age(chunk: Chunk, now: datetime) -> timedelta:
    return now - (chunk.sent_at or now)


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
