"""The one clock that decides about leases and due times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime


def now() -> datetime:
    """The database's time, so that hosts whose clocks differ agree.

    SQLite runs in this process and has no clock of its own.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def moment() -> datetime | Now:
    """The same for a condition of a query: the database is not asked for it first."""
    return Now() if connection.vendor == "postgresql" else now()
