"""How long a provider wants to be left alone."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST_MS = 1_000
LONGEST_MS = 15 * 60_000


def retry_after_ms(headers: Mapping[str, str], *, default_ms: int) -> int:
    """Read Retry-After, seconds or an HTTP date, as milliseconds between 1 s and 15 min.

    `default_ms` is for an answer without the header or with one that means nothing.
    """
    value = headers.get("Retry-After", "").strip()
    seconds = _number(value)
    if seconds is None:
        seconds = _until(value, headers.get("Date", ""))
    if seconds is None:
        return default_ms
    return round(min(max(seconds * 1000, SHORTEST_MS), LONGEST_MS))


def server_time(headers: Mapping[str, str]) -> float | None:
    """Return the time of the sender's clock as a Unix timestamp; None if it names none."""
    date = _date(headers.get("Date", ""))
    return date.timestamp() if date else None


def _number(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None


def _until(value: str, date: str) -> float | None:
    """Seconds to a date, by the clock of the sender: theirs and ours may differ."""
    then = _date(value)
    if then is None:
        return None
    return (then - (_date(date) or datetime.now(UTC))).total_seconds()


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
