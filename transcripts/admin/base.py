"""What the console's pages share: newest first, no counts of whole tables, and values as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.utils.functional import cached_property

from transcripts.templatetags.verbatim import clock, size

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

Row = TypeVar("Row", bound=models.Model)

# A list tells how many rows there are up to here; further pages than these are found by filters and the search
COUNTED = 10_000


class CappedPaginator(Paginator[Any]):
    """Pages of a table that may have millions of rows: no more of them are counted than anyone turns."""

    @cached_property
    def count(self) -> int:
        """Count the rows, up to COUNTED."""
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        return rows.order_by()[:COUNTED].count()


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    """Rows that only the machine writes: an operator looks, and acts through actions that go through services.

    A table that no one needs to run the instance `is_internal`: the page of all tables lists it last.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    is_internal = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: only the application creates these."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: only the application changes these."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: only services delete these, files and rows together."""
        return False


class InternalAdmin(ReadOnlyAdmin[Row]):
    """Rows that the machine keeps for itself."""

    is_internal = True


def length_of(name: str, words: str) -> Callable[[Any], str]:
    """Return a column that shows milliseconds as 1:02:31."""

    @admin.display(description=words, ordering=name)
    def column(row: Any) -> str:
        return clock(getattr(row, name)) or "–"

    return column


def size_of(name: str, words: str) -> Callable[[Any], str]:
    """Return a column that shows bytes as 3.1 GB."""

    @admin.display(description=words, ordering=name)
    def column(row: Any) -> str:
        value = getattr(row, name)
        return "–" if value is None else size(value)

    return column
