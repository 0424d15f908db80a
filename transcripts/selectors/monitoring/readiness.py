"""Whether an instance can do its work now, in words: what a load balancer or an operator asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from transcripts import clock, queue
from transcripts.models import Lease
from transcripts.services import storage

if TYPE_CHECKING:
    from collections.abc import Callable

# Anyone can read this, so nothing of it says how large or how old something is
DATABASE = "The database doesn’t answer. Nothing can be read or saved until it does."
REDIS = "Redis doesn’t answer. Nothing is lost; work and live updates continue when it is back."
CONDUCTOR = "No conductor is running. What waits is not begun until one is started."
DISK = "The disk is full up to its reserve. Uploads wait until space is free."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that an instance needs; `problem` is empty if it is there."""

    name: str
    problem: str

    @property
    def is_ok(self) -> bool:
        """Whether it is there."""
        return not self.problem


def checks() -> list[Check]:
    """Look at everything that is needed. What needs the database isn't asked without it."""
    database = _checked("database", DATABASE, _has_database)
    found = [database, _checked("redis", REDIS, _has_redis)]
    if database.is_ok:
        found.append(_checked("conductor", CONDUCTOR, _has_conductor))
    return [*found, _checked("disk", DISK, _has_space)]


def _checked(name: str, problem: str, look: Callable[[], bool]) -> Check:
    try:
        return Check(name, "" if look() else problem)
    except (DatabaseError, queue.Unavailable, OSError):
        return Check(name, problem)


def _has_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _has_redis() -> bool:
    queue.waiting("default")
    return True


def _has_conductor() -> bool:
    return Lease.objects.filter(name="conductor", until__gt=clock.now()).exists()


def _has_space() -> bool:
    return storage.free_bytes() > 0
