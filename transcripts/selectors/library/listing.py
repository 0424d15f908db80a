"""A page of the library, and how much each of its filters has."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.access import Level
from transcripts.models import Recording
from transcripts.selectors.library import filters as asked
from transcripts.selectors.library.filters import SORTS
from transcripts.selectors.library.paging import ORDERS, places_after
from transcripts.selectors.library.rail import Rail, rail_of
from transcripts.selectors.library.rows import Row, rows_of, with_sharers
from transcripts.selectors.library.unions import counting, counts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.selectors.library.filters import Filters
    from transcripts.selectors.library.paging import Place
    from transcripts.selectors.library.unions import Union

PAGE_SIZE = 50
# Beyond this many an exact count would cost more than it tells.
COUNT_LIMIT = 10_000
# A number with as many digits is none.
LONGEST_NUMBER = 9
# A number may count for so many seconds what expired since: a share, or what was in the trash for its time.
TIMELY_S = 10
# Those whose recordings are counted beside their names.
COUNTED = ("mine", "review", "approved", "shared", "trash")


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """A page of the library. `next` and `previous` are cursors of the pages around it, empty if there are none.

    `counts` are how many recordings other filters have. `may_empty` says that the trash that is shown is that of one
    team, whose owner or admin the person is. `first` is the number of the first row, as the pages before it
    counted; 0 if the address doesn't tell.
    """

    rows: list[Row]
    filters: Filters
    next: str = ""
    previous: str = ""
    first: int = 1
    count: int = 0
    duration_ms: int = 0
    counts_all: bool = field(default=True)
    counts: dict[str, int] = field(default_factory=dict)
    rail: Rail | None = None
    may_empty: bool = False

    @property
    def sort_label(self) -> str:
        """What the order is called."""
        return SORTS[self.filters.sort]

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1


def page(user: User, filters: Filters) -> LibraryPage:
    """Return one page of what the person may see."""
    teams = access.places_of(user)
    found, has_previous, has_next = _found(user, filters, teams)
    rows = _rows(user, [one.recording_id for one in found], teams)
    if filters.state == "shared":
        rows = with_sharers(rows, user)
    elif filters.state == "trash":
        rows = _trashed(user, rows, teams)
    counted = _counted(user, filters, teams)
    count, duration_ms = counted.pop("shown")
    first = _first(filters, len(found), has_previous=has_previous)
    return LibraryPage(
        rows=rows,
        filters=filters,
        next=f"{first + len(found) - 1}.{found[-1].cursor}" if found and has_next else "",
        previous=f"{first}.{found[0].cursor}" if found and has_previous else "",
        first=first,
        count=min(count, COUNT_LIMIT),
        duration_ms=duration_ms,
        counts_all=count <= COUNT_LIMIT,
        rail=rail_of(user, filters, teams),
        may_empty=_may_empty(filters, teams),
        counts={state: min(number, COUNT_LIMIT) for state, (number, _) in counted.items()},
    )


def _found(user: User, filters: Filters, teams: Sequence[access.Place]) -> tuple[list[Place], bool, bool]:
    """Return what is on the page, and whether there is anything before and after it."""
    order = ORDERS["trash" if filters.state == "trash" else filters.sort]
    branches = asked.branches(user, filters, teams)
    if filters.before:
        found = places_after(branches, order.reversed(), _split(filters.before)[1], count=PAGE_SIZE + 1)
        return found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE, True
    found = places_after(branches, order, _split(filters.after)[1], count=PAGE_SIZE + 1)
    return found[:PAGE_SIZE], bool(filters.after), len(found) > PAGE_SIZE


def _split(cursor: str) -> tuple[int, str]:
    """Return the number of a row, 0 if unknown, and what places it."""
    number, _, place = cursor.partition(".")
    return (
        (int(number), place)
        if number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER
        else (0, cursor)
    )


def _first(filters: Filters, count: int, *, has_previous: bool) -> int:
    """Return the number of the first row. Others may have added some since the pages before were read."""
    if not has_previous:
        return 1
    number, _ = _split(filters.before or filters.after)
    if not number:
        return 0
    return max(1, number - count) if filters.before else number + 1


def _rows(user: User, ids: Sequence[UUID], teams: Sequence[access.Place]) -> list[Row]:
    editable = {place.team_id for place in teams if place.level >= Level.EDIT}
    rank = {recording_id: number for number, recording_id in enumerate(ids)}
    rows = (
        rows_of(Recording.objects.filter(pk__in=ids).select_related("deleted_by"), user, editable=editable)
        if ids
        else []
    )
    return sorted(rows, key=lambda row: rank[row.recording.pk])


def _trashed(user: User, rows: Sequence[Row], teams: Sequence[access.Place]) -> list[Row]:
    """Say of each row in the trash what the person can do with it."""
    levels = {place.team_id: place.level for place in teams}

    def with_rights(row: Row) -> Row:
        level, is_own = levels[row.recording.team_id], row.recording.deleted_by_id == user.pk
        may_manage = level >= Level.MANAGE
        return replace(row, may_restore=may_manage or (is_own and level >= Level.DECIDE), may_purge=may_manage)

    return [with_rights(row) for row in rows]


def _may_empty(filters: Filters, teams: Sequence[access.Place]) -> bool:
    """Tell whether what is shown is the whole trash of a team, and the person manages it."""
    if filters.state != "trash" or filters.title or filters.folder or filters.tag:
        return False
    return any(place.slug == filters.team and place.level >= Level.MANAGE for place in teams)


def _counted(user: User, filters: Filters, teams: Sequence[access.Place]) -> dict[str, tuple[int, int]]:
    """Count what the filters leave, and under its name what each of the others would."""
    others = [state for state in COUNTED if state != filters.state]
    parts = [_counting(user, filters, teams, "shown")]
    parts += [_counting(user, asked.with_state(filters, state), teams, state) for state in others]
    counted = counts([part for part in parts if part])
    return {state: counted.get(state, (0, 0)) for state in ("shown", *others)} | (
        {filters.state: counted.get("shown", (0, 0))} if filters.state in COUNTED else {}
    )


def _counting(user: User, filters: Filters, teams: Sequence[access.Place], name: str) -> Union | None:
    """Return the SQL of one count. What depends on the time holds for some seconds."""
    since = int(time.time() / TIMELY_S) if filters.state in ("shared", "trash") else 0
    # Neither the order nor the page changes how many there are
    return _write(user, replace(filters, after="", before="", sort="newest"), tuple(teams), name, since)


@lru_cache(maxsize=1_000)
def _write(user: User, filters: Filters, teams: tuple[access.Place, ...], name: str, _since: int) -> Union | None:
    """Let Django write the SQL of a count, which takes longer than to count: a page that refreshes asks again."""
    lists = asked.whole(user, filters, teams)
    return counting(lists, name, most=COUNT_LIMIT + 1, is_measured=name == "shown")
