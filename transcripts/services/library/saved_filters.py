"""Filters of the library that a person saved under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.models import SavedFilter
from transcripts.services.errors import Refused
from transcripts.services.library.names import name_of, only_one

if TYPE_CHECKING:
    from accounts.models import User

MOST_FILTERS = 50
LONGEST = 60
TOO_MANY = "You can save 50 filters. Remove one that you don’t need first."


@transaction.atomic
def save(user: User, name: str, query: str) -> SavedFilter:
    """Save a filter. Raises Refused if the person has one of this name."""
    if SavedFilter.objects.filter(user=user).count() >= MOST_FILTERS:
        raise Refused("too_many_names", TOO_MANY)
    with only_one("saved filter"):
        return SavedFilter.objects.create(user=user, name=name_of(name, longest=LONGEST), query=query)


def rename(saved: SavedFilter, name: str) -> None:
    """Give a filter another name. Raises Refused if the person has one of this name."""
    with only_one("saved filter"):
        SavedFilter.objects.filter(pk=saved.pk).update(name=name_of(name, longest=LONGEST))


def remove(saved: SavedFilter) -> None:
    """Remove a filter; what it found stays."""
    saved.delete()
