"""The queues of work: how much waits, since when, what runs, and how many workers there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import Mail, MailStatus
from transcripts import queue
from transcripts.models import AccountExport, BulkAct, Export, Step
from transcripts.models.choices import ACTIVE_STEP, ExportStatus, StepStatus
from transcripts.services.pipeline.steps import QUEUE_OF

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

NAMES: dict[queue.Queue, str] = {
    "media": "Prepare recordings",
    "provider": "Send to providers",
    "default": "Transcripts, exports and mail",
}
KINDS: dict[queue.Queue, str] = {"media": "prepare", "provider": "submit", "default": "assemble"}


@dataclass(slots=True)
class QueueState:
    """One queue. `oldest` is since when its oldest work has been due; `workers` is None if Redis doesn't say."""

    key: queue.Queue
    name: str
    waiting: int = 0
    oldest: datetime | None = None
    running: int = 0
    workers: int | None = 0
    busy: int = 0

    @property
    def href(self) -> str:
        """Where its steps are listed."""
        kind = KINDS[self.key]
        return f"{reverse('admin:transcripts_step_changelist')}?kind__exact={kind}&status__exact=ready"

    def add(self, count: int, oldest: datetime | None) -> None:
        """Count more work that is due."""
        self.waiting += count
        if oldest is not None and (self.oldest is None or oldest < self.oldest):
            self.oldest = oldest


@dataclass(frozen=True, slots=True)
class Queues:
    """All queues, and the workers that were seen; None if Redis doesn't answer."""

    states: list[QueueState] = field(default_factory=list)
    workers: list[queue.WorkerSeen] | None = None


def queues(now: datetime) -> Queues:
    """Return the queues as they are now, in two queries."""
    states = {key: QueueState(key, name) for key, name in NAMES.items()}
    for kind, running, due, oldest in _steps(now):
        state = states[QUEUE_OF[kind]]
        state.running += running
        state.add(due, oldest)
    for count, oldest in _others(now):
        states["default"].add(count, oldest)
    workers = _workers()
    for state in states.values():
        mine = [worker for worker in workers or () if state.key in worker.queues]
        state.workers = None if workers is None else len(mine)
        state.busy = sum(worker.is_busy for worker in mine)
    return Queues(list(states.values()), workers)


def _steps(now: datetime) -> list[tuple[str, int, int, datetime | None]]:
    due = Q(status=StepStatus.READY, due_at__lte=now)
    # What waits for its turn at a provider waits since it was added, however often it was put off.
    rows = Step.objects.filter(status__in=ACTIVE_STEP).order_by().values("kind")
    rows = rows.annotate(
        running=Count("pk", filter=Q(status=StepStatus.RUNNING)),
        due=Count("pk", filter=due),
        oldest=Min("due_at", filter=due),
    )
    return list(rows.values_list("kind", "running", "due", "oldest"))


def _others(now: datetime) -> list[tuple[int, datetime | None]]:
    """Exports, bulk acts and mail, in one query."""
    queued = {"status": ExportStatus.QUEUED}
    waiting: list[tuple[QuerySet[Any], str]] = [
        (Export.objects.filter(**queued), "created_at"),
        (AccountExport.objects.filter(**queued), "created_at"),
        (BulkAct.objects.filter(**queued), "created_at"),
        (Mail.objects.filter(status=MailStatus.WAITING, next_attempt_at__lte=now), "next_attempt_at"),
    ]
    # Grouped by what they are filtered by, each is one row or none
    first, *rest = (
        rows.order_by().values("status").annotate(n=Count("pk"), oldest=Min(since)).values_list("n", "oldest")
        for rows, since in waiting
    )
    return list(first.union(*rest, all=True))


def _workers() -> list[queue.WorkerSeen] | None:
    try:
        return queue.workers()
    except queue.Unavailable:
        return None
