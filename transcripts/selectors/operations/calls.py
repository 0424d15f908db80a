"""The calls of a day, and what failed of them by class."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from transcripts.models import ProviderCall
from transcripts.models.choices import CallOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = timedelta(days=1)
# Percentiles are of so many calls, the newest of the day
MOST_CALLS = 5_000
GOOD = (CallOutcome.ACCEPTED, CallOutcome.COMPLETED)
# What was asked, the outcome, the status code, the latency in ms, and when
Call = tuple[str, str, int | None, int | None, datetime]
# The classes of errors as the lists filter by them; a call is of the first that it meets
CLASSES: dict[str, Q] = {
    "asked to wait": Q(outcome=CallOutcome.RATE_LIMITED) | Q(status_code=429),
    "key refused": Q(status_code__in=(401, 403)),
    "not reached": Q(status_code__isnull=True),
    "provider error": Q(status_code__gte=500),
    "could not transcribe": Q(outcome=CallOutcome.FAILED),
    "request refused": Q(status_code__lt=500),
}


def calls_of_a_day(now: datetime) -> dict[int, list[Call]]:
    """The newest calls of a day, by account."""
    rows = ProviderCall.objects.filter(started_at__gte=now - DAY).order_by("-started_at")
    found: dict[int, list[Call]] = defaultdict(list)
    for account, end, outcome, code, ms, at in rows.values_list(
        "account_id", "endpoint", "outcome", "status_code", "latency_ms", "started_at"
    )[:MOST_CALLS]:
        found[account].append((end, outcome, code, ms, at))
    return found


def failures(calls: Iterable[Call]) -> list[tuple[str, int]]:
    """Count what failed by class, in words."""
    counts = Counter(_class_of(outcome, code) for _, outcome, code, _, _ in calls if outcome not in GOOD)
    counts.pop("", None)
    return counts.most_common()


def _class_of(outcome: str, code: int | None) -> str:
    if outcome == CallOutcome.SENDING:
        return ""
    if outcome == CallOutcome.RATE_LIMITED or code == 429:
        return "asked to wait"
    if code in (401, 403):
        return "key refused"
    if code is None:
        return "not reached"
    if code >= 500:
        return "provider error"
    return "could not transcribe" if outcome == CallOutcome.FAILED else "request refused"


def of_class(words: str) -> Q:
    """Return the condition for calls of a class of errors, as `_class_of` tells them apart."""
    condition, known = Q(pk__in=[]), Q(outcome__in=(*GOOD, CallOutcome.SENDING))
    for name, own in CLASSES.items():
        if name == words:
            condition = own & ~known
        known |= own
    return condition
