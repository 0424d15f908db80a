"""Which recordings a person asked the library for.

A filter is a list of branches, which have no recording in common: one for each team, so that an index of the team gives
each the first rows in its order, and `paging` merges them (decision 32).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from transcripts import access
from transcripts.models import Recording
from transcripts.models.choices import ReviewStage
from transcripts.models.recordings import FAILED, PRESENT, TRASHED, WORKING
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.access import Place

STATES = ("all", "mine", "review", "approved", "working", "failed", "shared", "trash")
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "title": "By title",
    "due": "Due first",
    "reviewed": "Least reviewed",
}
# Stands in a branch for the id of a team
ANY_TEAM = -1_234_567_890
# SQLite unites at most 500 queries
MOST_TEAMS = 480
CONDITIONS = {
    "review": Q(review=ReviewStage.DUE),
    "approved": Q(review=ReviewStage.APPROVED),
    "working": WORKING,
    "failed": FAILED,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked the library for. `after` and `before` are cursors: of the page's predecessor or successor."""

    state: str = "all"
    title: str = ""
    team: str = ""
    folder: int | None = None
    tag: int | None = None
    sort: str = "newest"
    after: str = ""
    before: str = ""

    @property
    def is_any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.state != "all" or self.title or self.team or self.folder or self.tag)

    @property
    def is_narrow(self) -> bool:
        """Whether a change of a recording can take it out of the list, or to another place in it."""
        return self.is_any or self.sort not in ("newest", "oldest")

    @property
    def of_any_team(self) -> str:
        """Return the query of the same filter and order, to be followed by a team: its folders and tags are others."""
        return replace(self, team="", folder=None, tag=None).query.removeprefix("team=")

    @property
    def is_worth_saving(self) -> bool:
        """Whether it is more than a team, whose recordings one sees anyway."""
        is_usual = self.state in ("all", "trash") and self.sort == "newest"
        return self.state != "trash" and (not is_usual or bool(self.title or self.folder or self.tag))

    @property
    def query(self) -> str:
        """Return the query of the address that asks for this filter and order, as a saved filter stores it."""
        named = {"state": self.state, "q": self.title, "folder": self.folder, "tag": self.tag, "sort": self.sort}
        usual = {"state": "all", "sort": "newest"}
        # "All teams" is a choice as well: without it the library begins with the team that one works in
        asked = {name: value for name, value in named.items() if value and value != usual.get(name)}
        return urlencode({"team": self.team, **asked})


@dataclass(frozen=True, slots=True)
class Branch:
    """Recordings in one order. With `teams` it is as many branches: `recordings` are those of the team ANY_TEAM."""

    recordings: QuerySet[Recording, Any]
    teams: tuple[int, ...] = ()


def branches(user: User, filters: Filters, places: Sequence[Place]) -> list[Branch]:
    """Return the recordings that a person asked for, in branches that share none."""
    teams = team_ids(filters, places)
    if _are_few(filters) or len(teams) > MOST_TEAMS:
        return [Branch(one) for one in whole(user, filters, places)]
    if not teams:
        return []
    return [Branch(_narrowed(_of_state(filters).filter(team_id=ANY_TEAM), filters), tuple(teams))]


def _are_few(filters: Filters) -> bool:
    """Tell whether they are sorted as quickly as read: the index of job statuses has the order of time alone.

    What is in progress is as much as is waited for at a time; an index has each of its two statuses in its own order.
    """
    if filters.state in ("mine", "shared", "working") or filters.folder or filters.tag:
        return True
    return filters.state == "failed" and filters.sort not in ("newest", "oldest")


def whole(user: User, filters: Filters, places: Sequence[Place]) -> list[QuerySet[Recording]]:
    """Return the same in as few lists as can be, to count them."""
    return [_narrowed(one, filters) for one in _lists(user, filters, team_ids(filters, places))]


def team_ids(filters: Filters, places: Sequence[Place]) -> list[int]:
    """Return the teams that the list is about."""
    return [place.team_id for place in places if filters.team in ("", place.slug)]


def with_state(filters: Filters, state: str) -> Filters:
    """Return the filters with another state, on the first page."""
    return replace(filters, state=state, after="", before="")


def editable(user: User, title: str) -> QuerySet[Recording]:
    """Return the recordings that the person can edit and whose title or file has these letters, the newest first."""
    mine = Recording.objects.filter(PRESENT, team_id__in=access.editable_team_ids_of(user))
    return mine.filter(_titled(title)).order_by("-created_at", "-id")


def _lists(user: User, filters: Filters, teams: list[int]) -> Iterator[QuerySet[Recording]]:
    if filters.state == "shared":
        yield from access.shared_in_parts(user)
    elif filters.state == "mine":
        mine = Recording.objects.filter(PRESENT, team_id__in=teams)
        yield mine.filter(owner=user)
        yield mine.filter(Q(owner=None) | ~Q(owner=user), reviewer=user)
    else:
        yield _of_state(filters).filter(team_id__in=teams)


def in_state(recordings: QuerySet[Recording], state: str, user: User) -> QuerySet[Recording]:
    """Return those of any recordings that the filter `state` leaves."""
    if state == "mine":
        return recordings.filter(Q(owner=user) | Q(reviewer=user))
    if state == "shared":
        return recordings.filter(pk__in=access.shared_with(user).values("pk"))
    return recordings.filter(CONDITIONS.get(state, Q()))


def every(user: User, filters: Filters) -> QuerySet[Recording]:
    """Return all that a person asked for, on every page."""
    lists = whole(user, filters, access.places_of(user))
    return Recording.objects.filter(reduce(or_, (Q(pk__in=one.values("pk")) for one in lists), Q(pk__in=())))


def _of_state(filters: Filters) -> QuerySet[Recording]:
    if filters.state == "trash":
        # Beyond its time it waits for nothing but its deletion; which second that is need not be asked of the database
        return Recording.objects.filter(TRASHED, deleted_at__gte=timezone.now() - trash.KEPT)
    return Recording.objects.filter(PRESENT, CONDITIONS.get(filters.state, Q()))


def _narrowed(recordings: QuerySet[Recording], filters: Filters) -> QuerySet[Recording]:
    if filters.folder:
        recordings = recordings.filter(folder=filters.folder)
    if filters.tag:
        recordings = recordings.filter(tags=filters.tag)
    return recordings.filter(_titled(filters.title))


def _titled(title: str) -> Q:
    return Q(title__icontains=title) | Q(filename__icontains=title) if title else Q()
