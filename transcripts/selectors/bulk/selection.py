"""Which recordings a page has selected, and how many and how long they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Sum

from transcripts import access
from transcripts.selectors.library import filters as library_filters

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.models import Recording
    from transcripts.selectors.library import Filters


class Totals(TypedDict):
    """How many recordings there are, and how long they are together."""

    count: int
    duration_ms: int


def found(user: User, filters: Filters) -> QuerySet[Recording]:
    """Return all that the filters of the library have, on every page."""
    return library_filters.every(user, filters)


def selected(user: User, ids: Collection[UUID]) -> QuerySet[Recording]:
    """Return those of the recordings that the person can see."""
    return access.recordings_of(user).filter(pk__in=ids)


def totals(user: User, filters: Filters) -> Totals:
    """Count what the filters have."""
    counted = found(user, filters).order_by().aggregate(count=Count("pk"), duration_ms=Sum("duration_ms"))
    return {"count": counted["count"], "duration_ms": counted["duration_ms"] or 0}
