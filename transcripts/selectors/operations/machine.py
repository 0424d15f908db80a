"""What this machine and its processes are: workers, the conductor, Redis, clocks, the database and the disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse

from transcripts import clock, throttle
from transcripts.models import Lease, MediaFile
from transcripts.selectors.operations.parts import Act, Problem, at_second, list_href
from transcripts.services import storage
from transcripts.services.operating.words import counted
from transcripts.services.operations.conductor import LEADS_FOR

if TYPE_CHECKING:
    from transcripts.queue import WorkerSeen
    from transcripts.selectors.operations.queues import Queues

# Clocks that differ by less are as good as one
SKEW = timedelta(seconds=5)
# A database that takes longer for the page's first query is too slow for everyone
SLOW_S = 1.0
# A queue without a worker is told once something waits this long
UNSERVED = timedelta(seconds=20)
GROWTH_DAYS = 7
FEW_DAYS = 7
# Further ahead than this no growth can be foretold
LONG = 3_650
ON_ONE_MACHINE = "make run"
IN_CONTAINERS = "docker compose up -d"


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of the storage: its bytes, what can still be stored, and how much is added a day."""

    total: int
    used: int
    free: int
    daily: int
    since: datetime

    @property
    def grown_href(self) -> str:
        """Where the files are listed that it grew by within a week."""
        return list_href("mediafile", created_at__gte=at_second(self.since))

    @property
    def files_href(self) -> str:
        """Where all files are listed."""
        return list_href("mediafile")

    @property
    def percent(self) -> int:
        """How much of it is used."""
        return self.used * 100 // max(1, self.total)

    @property
    def days_left(self) -> int | None:
        """For how many days there is room, as it grew in a week; None if it hardly grows."""
        days = max(0, self.free) // self.daily if self.daily else LONG
        return days if days < LONG else None


def disk(now: datetime) -> Disk:
    """Return the disk of the storage, in one query."""
    # Makes the folder if it is new
    free = storage.free_bytes()
    usage = shutil.disk_usage(storage.path_of(""))
    since = now - timedelta(days=GROWTH_DAYS)
    week = MediaFile.objects.filter(created_at__gte=since)
    added = week.aggregate(all=Sum("bytes"))["all"] or 0
    return Disk(usage.total, usage.used, free, int(added) // GROWTH_DAYS, since)


def problems(now: datetime, found: Queues, space: Disk, database_s: float) -> list[Problem]:
    """Return what is wrong with the processes and the machine, the worst first."""
    lease = Lease.objects.filter(name="conductor").first()
    return [
        *_redis(found),
        *_conductor(lease, now),
        *_workers(found, now),
        *_full(space),
        # Not `now`: with a slow database the page began long before Redis is asked for the time
        *_skew(lease, found.workers, clock.now()),
        *_slow(database_s),
    ]


def missing_files() -> list[Problem]:
    """Return the files that someone asked for and the storage no longer has."""
    since = MediaFile.objects.filter(missing_since__isnull=False).order_by("missing_since").values_list("missing_since")
    rows = [at for (at,) in since[:100]]
    if not rows:
        return []
    href = f"{reverse('admin:transcripts_recording_changelist')}?media_files__missing_since__isempty=0"
    why = f"{counted(len(rows), 'file')} of recordings can’t be found. Mount the storage, or restore it from a backup."
    return [Problem("missing", "Stored files are missing", why, rows[0], href=href)]


def _redis(found: Queues) -> list[Problem]:
    if found.workers is not None:
        return []
    why = "Workers aren’t woken and pages don’t update. Nothing is lost: work continues when it is back."
    return [Problem("redis", "Redis doesn’t answer", why, command="systemctl restart redis", is_down=True)]


def _conductor(lease: Lease | None, now: datetime) -> list[Problem]:
    if lease is not None and lease.until > now - LEADS_FOR:
        return []
    why = "Nothing that is due is woken, and lost work isn’t found. Uploads still arrive and are saved."
    since = lease.until - LEADS_FOR if lease is not None else None
    return [Problem("conductor", "No conductor runs", why, since, command=_start("conductor"), is_down=True)]


def _workers(found: Queues, now: datetime) -> list[Problem]:
    """Name the queues without any worker, all of them in one problem."""
    idle = [state for state in found.states if state.workers == 0]
    if not idle:
        return []
    waiting = sum(state.waiting for state in idle)
    oldest = min((state.oldest for state in idle if state.oldest), default=None)
    is_all = len(idle) == len(found.states)
    names = "any queue" if is_all else " or ".join(f"“{state.name}”" for state in idle)
    why = f"Uploads arrive and are saved; {counted(waiting, 'piece of work', 'pieces of work')} " + (
        "waits. Nothing is lost." if waiting == 1 else "wait. Nothing is lost."
    )
    command = _start(" ".join(state.key for state in idle))
    return [Problem("workers", f"No worker serves {names}", why, oldest, command=command, is_down=True)]


def _start(services: str) -> str:
    """Return the command that starts processes: with a Redis of its own, one supervisor runs them all."""
    return ON_ONE_MACHINE if settings.REDIS_URL.startswith("unix") else f"{IN_CONTAINERS} {services}"


def _full(space: Disk) -> list[Problem]:
    if space.free <= 0:
        why = "Uploads wait and nothing is prepared; live audio is still saved. Work continues once there is space."
        asks = "Remove expired exports, abandoned uploads and what has been in the trash for 30 days."
        act = Act("clean_up", "Clean up now", "", asks)
        return [
            Problem("disk", "The disk is full", why, acts=(act,), command=f"df -h {storage.path_of('')}", is_down=True)
        ]
    if space.days_left is not None and space.days_left < FEW_DAYS:
        left = counted(space.days_left, "day")
        why = f"As it grew in the last week, there is room for {left}. Add space, or shorten the retention of teams."
        return [Problem("disk", "The disk is nearly full", why)]
    return []


def _skew(lease: Lease | None, workers: list[WorkerSeen] | None, now: datetime) -> list[Problem]:
    ahead = _ahead(lease, workers, now)
    if ahead is None:
        return []
    who, by = ahead
    why = (
        f"The clock of {who} is {round(by.total_seconds()):,} s off. Leases end too early or too late, and times are "
        "wrong. Set it on that host."
    )
    return [Problem("clock", "Clocks differ", why, command="timedatectl set-ntp true")]


def _ahead(lease: Lease | None, workers: list[WorkerSeen] | None, now: datetime) -> tuple[str, timedelta] | None:
    if lease is not None and lease.until > now + LEADS_FOR + SKEW:
        return "the conductor’s host", lease.until - now - LEADS_FOR
    for worker in workers or ():
        if worker.heartbeat_at is not None and worker.heartbeat_at > now + SKEW:
            return f"worker {worker.name[:12]}", worker.heartbeat_at - now
    if workers is None:
        return None
    try:
        redis = datetime.fromtimestamp(throttle.clock_ms() / 1000, UTC)
    except throttle.Unavailable:
        return None
    by = abs(redis - now)
    return ("the Redis host", by) if by > SKEW else None


def _slow(database_s: float) -> list[Problem]:
    if database_s < SLOW_S:
        return []
    why = (
        f"It took {database_s:.1f} s to answer this page. Refresh its statistics; if that doesn’t help, look for long "
        "queries."
    )
    act = Act(
        "refresh_statistics", "Refresh statistics", "", "Have the database count its tables again. It takes a while."
    )
    return [Problem("database", "The database is slow", why, acts=(act,))]
