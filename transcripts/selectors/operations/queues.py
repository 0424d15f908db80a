"""The queues of work: how much waits, since when, what runs, and how many workers there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q, Value

from accounts.models import Mail, MailStatus
from transcripts import queue
from transcripts.models import AccountExport, BulkAct, Export, Step
from transcripts.models.choices import ACTIVE_STEP, ExportStatus, StepStatus
from transcripts.selectors.operations.parts import at_second, list_href
from transcripts.services.operating.words import counted
from transcripts.services.pipeline.steps import QUEUE_OF

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

NAMES: dict[queue.Queue, str] = {
    "media": "Prepare recordings",
    "provider": "Send to providers",
    "default": "Transcripts, exports and mail",
}
KINDS: dict[queue.Queue, str] = {key: ",".join(kind for kind, name in QUEUE_OF.items() if name == key) for key in NAMES}
# Filters are to the second
SECOND = timedelta(seconds=1)
# What else the third queue has, in the order of `_others`: its words, and where the console lists it
OTHERS = (
    ("export", "exports", "transcripts", "export", ExportStatus.QUEUED),
    ("copy of someone’s data", "copies of people’s data", "transcripts", "accountexport", ExportStatus.QUEUED),
    ("act on many recordings", "acts on many recordings", "transcripts", "bulkact", ExportStatus.QUEUED),
    ("mail", "mails", "accounts", "mail", MailStatus.WAITING),
)


@dataclass(frozen=True, slots=True)
class Others:
    """Work that is no step of a job: how much of it waits, and where it is listed."""

    words: str
    count: int
    href: str


@dataclass(slots=True)
class QueueState:
    """One queue. `oldest` is since when its oldest work has been due; `workers` is None if Redis doesn't say."""

    key: queue.Queue
    name: str
    at: datetime
    waiting: int = 0
    oldest: datetime | None = None
    running: int = 0
    workers: int | None = 0
    busy: int = 0
    others: list[Others] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many of those that wait are steps of jobs."""
        return self.waiting - sum(one.count for one in self.others)

    @property
    def href(self) -> str:
        """Where its steps are listed, those that run and those that wait."""
        return self._steps(status__in=",".join(ACTIVE_STEP))

    @property
    def waiting_href(self) -> str:
        """Where its steps are listed that are due."""
        return self._steps(status__exact=StepStatus.READY, due_at__lt=at_second(self.at + SECOND))

    @property
    def running_href(self) -> str:
        """Where its steps are listed that run."""
        return self._steps(status__exact=StepStatus.RUNNING)

    def _steps(self, **filters: str) -> str:
        return list_href("step", kind__in=KINDS[self.key], **filters)

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
    states = {key: QueueState(key, name, now) for key, name in NAMES.items()}
    for kind, running, due, oldest in _steps(now):
        state = states[QUEUE_OF[kind]]
        state.running += running
        state.add(due, oldest)
    for number, count, oldest in _others(now):
        one, many, app, table, status = OTHERS[number]
        is_due = {"next_attempt_at__lt": at_second(now + SECOND)} if table == "mail" else {}
        href = list_href(table, app=app, status__exact=status, **is_due)
        states["default"].add(count, oldest)
        states["default"].others.append(Others(counted(count, one, many), count, href))
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


def _others(now: datetime) -> list[tuple[int, int, datetime | None]]:
    """Exports, bulk acts and mail, in one query; each row begins with its number in OTHERS."""
    queued = {"status": ExportStatus.QUEUED}
    waiting: list[tuple[QuerySet[Any], str]] = [
        (Export.objects.filter(**queued), "created_at"),
        (AccountExport.objects.filter(**queued), "created_at"),
        (BulkAct.objects.filter(**queued), "created_at"),
        (Mail.objects.filter(status=MailStatus.WAITING, next_attempt_at__lte=now), "next_attempt_at"),
    ]
    # Grouped by what they are filtered by, each is one row or none
    first, *rest = (
        rows.order_by()
        .values("status")
        .annotate(n=Count("pk"), oldest=Min(since), number=Value(number))
        .values_list("number", "n", "oldest")
        for number, (rows, since) in enumerate(waiting)
    )
    return list(first.union(*rest, all=True))


def _workers() -> list[queue.WorkerSeen] | None:
    try:
        return queue.workers()
    except queue.Unavailable:
        return None
