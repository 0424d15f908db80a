"""Claiming steps: leases, fences, and what follows when a worker dies.

Everything here is a conditional update. A step that runs names an owner that no other claim shares and an end of
its lease; a worker that lost it learns so from zero changed rows and leaves without a trace.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import Error, connection, transaction
from django.db.models import F

from transcripts import clock, meters, queue
from transcripts.models import ProcessingJob, Step
from transcripts.models.choices import StepKind, StepStatus, WaitsFor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from transcripts.models.processing.jobs import StepQuerySet

logger = logging.getLogger(__name__)

# A lease must outlive a slow commit and end soon enough that lost work starts again within 15 seconds.
LEASE = timedelta(seconds=9)
RENEW_EVERY_S = 2.5
# A step that kills its worker this often stops and says so.
MOST_KILLS = 3

QUEUE_OF: dict[str, queue.Queue] = {
    StepKind.PREPARE: "media",
    StepKind.SUBMIT: "provider",
    StepKind.CHECK: "default",
    StepKind.ALIGN: "provider",
    StepKind.ASSEMBLE: "default",
}
# Those that have a wake-up each; the others are done in rounds
WOKEN_ALONE = (StepKind.PREPARE, StepKind.ALIGN, StepKind.ASSEMBLE)
# What a step has that no one holds, and one that is to be done again after it went well
RELEASED: dict[str, Any] = {"lease_owner": "", "lease_until": None}
WENT_WELL: dict[str, Any] = {"woken_at": None, "last_error": "", "attempts": 0, "kills": 0, "waits_for": ""}


class LostLease(Exception):
    """The step was given to another worker or cancelled; nothing this worker did counts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A step held by this worker, maybe of one chunk alone; `claimed_at` is of this process's monotonic clock."""

    step_id: int
    job_id: uuid.UUID
    kind: str
    fence: int
    owner: str
    request_id: str = ""
    chunk_id: int | None = None
    claimed_at: float = field(default_factory=time.monotonic, compare=False)


def add(job: ProcessingJob, kind: StepKind, *, due_at: datetime | None = None, chunk_id: int | None = None) -> Step:
    """Add the next step of the job, or of one of its slices. Wake a worker if it is due now, unless it waits."""
    now = clock.now()
    step = Step.objects.create(job=job, kind=kind, chunk_id=chunk_id, due_at=due_at or now, woken_at=now)
    if kind in WOKEN_ALONE:
        queue.wake_step(QUEUE_OF[kind], step.pk, step.fence, step.wakes)
    elif kind == StepKind.SUBMIT:
        queue.wake_submissions(job.account_id)
    return step


def wake(job_id: uuid.UUID, kind: StepKind) -> None:
    """Wake a worker for a step of the job that was brought forward."""
    for step in Step.objects.filter(job=job_id, kind=kind, status=StepStatus.READY):
        wakes = step.wakes + 1
        Step.objects.filter(pk=step.pk).update(wakes=wakes, woken_at=clock.now())
        queue.wake_step(QUEUE_OF[kind], step.pk, step.fence, wakes)


def claim(step_ids: Collection[int]) -> list[Claim]:
    """Claim those of the steps that are ready and due; one owner for all of them."""
    owner, now = uuid.uuid4().hex, clock.now()
    ready = Step.objects.filter(pk__in=step_ids, due_at__lte=now)
    claimed = ready.transition(
        StepStatus.RUNNING, fence=F("fence") + 1, lease_owner=owner, lease_until=now + LEASE, started_at=now
    )
    return _held_by(owner, now) if claimed else []


def _held_by(owner: str, now: datetime) -> list[Claim]:
    mine = Step.objects.filter(lease_owner=owner, status=StepStatus.RUNNING)
    rows = list(mine.values_list("kind", "due_at", "pk", "job_id", "fence", "job__request_id", "chunk_id"))
    waited: dict[str, list[float]] = defaultdict(list)
    for kind, due_at, *_ in rows:
        waited[kind].append((now - due_at).total_seconds())
    for kind, times in waited.items():
        meters.observe_all(meters.STEP_WAIT_SECONDS, times, kind)
    return [
        Claim(pk, job_id, kind, fence, owner, request_id, chunk_id)
        for kind, _, pk, job_id, fence, request_id, chunk_id in rows
    ]


@contextmanager
def renewing(owner: str) -> Iterator[threading.Event]:
    """Renew the owner's leases from a thread; the event is set once none is left to renew."""
    stop, lost = threading.Event(), threading.Event()
    thread = threading.Thread(target=_renew_until, args=(owner, stop, lost), name="renewal", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        stop.set()
        thread.join()


def _renew_until(owner: str, stop: threading.Event, lost: threading.Event) -> None:
    try:
        while not lost.is_set() and not stop.wait(RENEW_EVERY_S):
            _renew(owner, lost)
    finally:
        connection.close()


def _renew(owner: str, lost: threading.Event) -> None:
    held = Step.objects.filter(lease_owner=owner, status=StepStatus.RUNNING)
    try:
        if not held.update(lease_until=clock.now() + LEASE):
            lost.set()
    except Error as error:
        # A lease that ends beside its living worker means work done twice and uploads paid twice: try again.
        logger.warning("A lease could not be renewed: %s", type(error).__name__)
        connection.close()


def finish(held: Claim) -> None:
    """Mark the step as done. Raises LostLease; call it in the transaction that stores the step's result."""
    _end(held, StepStatus.DONE, finished_at=clock.now(), last_error="")
    meters.observe(meters.STEP_SECONDS, time.monotonic() - held.claimed_at, held.kind)


def reschedule(
    held: Claim, *, due_at: datetime, error: str = "", failed: bool = False, waits_for: WaitsFor | None = None
) -> None:
    """Give the step back, to be done at `due_at`; `failed` counts a try, else it went well. Raises LostLease.

    What it waits for besides that time may bring it forward; failures are then waited out anew.
    """
    attempts = F("attempts") + 1 if failed else 0
    waits = {"waits_for": waits_for, "patient_since": due_at} if waits_for else {"waits_for": ""}
    counted = {"last_error": error[:500], "attempts": attempts, **waits}
    _end(held, StepStatus.READY, due_at=due_at, **{**WENT_WELL, **counted})


@transaction.atomic
def reschedule_all(waits: Mapping[timedelta, Collection[Claim]]) -> int:
    """Give back steps of one claim that went well, to be done again after these times; return how many were still held.

    For hundreds of checks a second: it does in a few statements what `reschedule` does to each.
    """
    held = [claim for claims in waits.values() for claim in claims]
    # The jobs before their steps, and in one order, as `_end` does with one
    mine = ProcessingJob.objects.filter(pk__in=[claim.job_id for claim in held]).order_by("pk")
    list(mine.select_for_update(no_key=True).values_list("pk"))
    now, fields = clock.now(), {**RELEASED, **WENT_WELL}
    return sum(
        _running(claims).transition(StepStatus.READY, due_at=now + wait, **fields) for wait, claims in waits.items()
    )


def _running(claims: Collection[Claim]) -> StepQuerySet:
    """The steps that run under these claims still: an owner is one claim's alone."""
    owners = {claim.owner for claim in claims}
    return Step.objects.filter(
        pk__in=[claim.step_id for claim in claims], lease_owner__in=owners, status=StepStatus.RUNNING
    )


def fail(held: Claim, error: str) -> None:
    """Mark the step as failed permanently. Raises LostLease."""
    _end(held, StepStatus.FAILED, finished_at=clock.now(), last_error=error[:500])


@transaction.atomic
def _end(held: Claim, status: StepStatus, **fields: object) -> None:
    # The job before its step, as cancelling does: the other order is a deadlock on PostgreSQL.
    list(ProcessingJob.objects.select_for_update(no_key=True).filter(pk=held.job_id).values_list("pk"))
    mine = Step.objects.filter(pk=held.step_id, fence=held.fence, status=StepStatus.RUNNING)
    if not mine.transition(status, **RELEASED, **fields):
        raise LostLease


def expired() -> list[Claim]:
    """Steps whose worker died: their lease ran out."""
    rows = Step.objects.filter(status=StepStatus.RUNNING, lease_until__lt=clock.now())
    return [Claim(step.pk, step.job_id, step.kind, step.fence, step.lease_owner) for step in rows]


def recover(held: Claim) -> bool:
    """Make a step whose lease ran out ready again; False if it killed too many workers or came back to life.

    The lease is compared again, for its worker may have renewed it since.
    """
    now = clock.now()
    lapsed = Step.objects.filter(pk=held.step_id, fence=held.fence, lease_until__lt=now, kills__lt=MOST_KILLS - 1)
    with transaction.atomic():
        return bool(
            lapsed.transition(
                StepStatus.READY, lease_owner="", lease_until=None, due_at=now, kills=F("kills") + 1, woken_at=None
            )
        )
