"""The metrics of an instance: what is in the database and in Redis now, and what its processes counted.

A scrape reads only what an index holds or what is few, so it costs the same however many recordings there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from accounts.models import Mail, MailStatus
from transcripts import clock, meters, queue, throttle
from transcripts.models import Lease, LiveSession, ProviderAccount, Step
from transcripts.models.choices import OPEN_LIVE, StepKind, StepStatus
from transcripts.services import storage
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from prometheus_client.metrics_core import Metric


class Instance:
    """A collector of Prometheus' client: all that any process of the instance can tell."""

    def collect(self) -> Iterator[Metric]:
        """Return the metrics. Without Redis those that it holds are left out, and `verbatim_redis_up` is 0."""
        now = clock.now()
        yield from _queue(now)
        yield from _live(now)
        yield from _health(now)
        yield from _of_redis()

    def describe(self) -> list[Metric]:
        """Keep a registry from collecting when this is added to it."""
        return []


def text() -> bytes:
    """Return the metrics of the instance and of this process in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(Instance())
    return generate_latest(registry) + generate_latest(meters.PROCESS)


def _gauge(name: str, help: str, *labels: str, values: Iterable[tuple[tuple[str, ...], float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=labels)
    for key, value in values:
        family.add_metric(key, value)
    return family


def _queue(now: datetime) -> Iterator[Metric]:
    """How many steps wait and run, and for how long the oldest that is due has waited."""
    ready = Step.objects.filter(status=StepStatus.READY).order_by().values("kind")
    is_due = Q(due_at__lte=now)
    by_kind = ready.annotate(all=Count("pk"), due=Count("pk", filter=is_due), first=Min("due_at", filter=is_due))
    found = {kind: row for kind, *row in by_kind.values_list("kind", "all", "due", "first")}
    running = Step.objects.filter(status=StepStatus.RUNNING).order_by().values("kind").annotate(all=Count("pk"))
    runs = {row["kind"]: row["all"] for row in running}
    waiting: list[tuple[tuple[str, ...], float]] = []
    oldest: list[tuple[tuple[str, ...], float]] = []
    for kind in StepKind.values:
        all_ready, due, first = found.get(kind, (0, 0, None))
        waiting += [((kind, "due"), due), ((kind, "later"), all_ready - due), ((kind, "running"), runs.get(kind, 0))]
        oldest.append(((kind,), (now - first).total_seconds() if first else 0))
    yield _gauge("verbatim_steps", "Steps that are due, put off or running.", "kind", "state", values=waiting)
    yield _gauge("verbatim_step_oldest_seconds", "How long the oldest due step has waited.", "kind", values=oldest)


def _live(now: datetime) -> Iterator[Metric]:
    """Sessions by status, and the live slots that they have."""
    sessions = LiveSession.objects.filter(status__in=OPEN_LIVE).order_by().values_list("status").annotate(Count("pk"))
    found = dict(sessions)
    counts = [((status.value,), found.get(status.value, 0)) for status in OPEN_LIVE]
    yield _gauge("verbatim_live_sessions", "Open live sessions.", "status", values=counts)
    taken = LiveSession.objects.filter(slot_until__gt=now).order_by().values_list("account").annotate(Count("pk"))
    used = dict(taken)
    slots = [((account.name,), used.get(account.pk, 0)) for account in ProviderAccount.objects.order_by("name")]
    yield _gauge("verbatim_live_slots_used", "Live slots of an account in use.", "account", values=slots)


def _health(now: datetime) -> Iterator[Metric]:
    """Providers, the conductor, the disk and mail."""
    providers = ProviderAccount.objects.order_by("name")
    healthy = [((account.name,), int(account.is_healthy)) for account in providers]
    yield _gauge("verbatim_provider_healthy", "1 if a provider answered when last asked.", "account", values=healthy)
    until = Lease.objects.filter(name="conductor").values_list("until", flat=True).first()
    ends = (until - now).total_seconds() if until else -1
    conductor = "Until the conductor’s lease ends; below 0 none is running."
    yield _gauge("verbatim_conductor_lease_seconds", conductor, values=[((), ends)])
    free = "Bytes that can be stored before the reserve."
    yield _gauge("verbatim_disk_free_bytes", free, values=[((), storage.free_bytes())])
    mails = dict(Mail.objects.order_by().values_list("status").annotate(Count("pk")))
    states = (MailStatus.WAITING, MailStatus.FAILED)
    counts = [((status.value,), mails.get(status.value, 0)) for status in states]
    yield _gauge("verbatim_mails", "Mails that wait, or that couldn’t be sent.", "status", values=counts)


def _of_redis() -> Iterator[Metric]:
    """What Redis knows. Nothing of it is given if it doesn't answer."""
    parts: tuple[Callable[[], Iterator[Metric]], ...] = (_limiters, _wake_ups, meters.families)
    is_up = True
    for part in parts:
        try:
            yield from list(part())
        except (queue.Unavailable, throttle.Unavailable, meters.Unavailable):
            is_up = False
            break
    yield _gauge("verbatim_redis_up", "1 if Redis answered.", values=[((), int(is_up))])


def _limiters() -> Iterator[Metric]:
    """Upload slots of the accounts that have a limit."""
    limits, free = [], []
    for account in ProviderAccount.objects.filter(upload_limit__gt=0).order_by("name"):
        waits = throttle.slots(accounts.window(account))
        limits.append(((account.name,), float(account.upload_limit)))
        free.append(((account.name,), float(sum(wait == 0 for wait in waits))))
    yield _gauge("verbatim_upload_slots", "Uploads that an account allows in its window.", "account", values=limits)
    yield _gauge("verbatim_upload_slots_free", "Upload slots that are free now.", "account", values=free)


def _wake_ups() -> Iterator[Metric]:
    counts = [((name,), float(len(queue.waiting(name)))) for name in queue.QUEUES]
    yield _gauge("verbatim_wake_ups", "Wake-ups that no worker has taken yet.", "queue", values=counts)
