"""Which recordings a person asked the library for.

A filter is a list of branches, which have no recording in common: one for each team, so that an index of the team gives
each the first rows in its order, and `paging` merges them (decision 34).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q

from transcripts import access
from transcripts.models import Recording
from transcripts.models.choices import ReviewStage
from transcripts.models.recordings import FAILED, PRESENT, TRASHED, WORKING

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


def branches(user: User, filters: Filters, places: Sequence[Place]) -> list[QuerySet[Recording]]:
    """Return the recordings that a person asked for, in branches that share none."""
    return [_narrowed(branch, filters) for branch in _of_state(user, filters, team_ids(filters, places))]


def whole(user: User, filters: Filters, places: Sequence[Place]) -> list[QuerySet[Recording]]:
    """Return the same in as few branches as can be, to count them."""
    teams = team_ids(filters, places)
    if filters.state in ("mine", "shared"):
        return branches(user, filters, places)
    base = TRASHED if filters.state == "trash" else PRESENT
    found = Recording.objects.filter(base, CONDITIONS.get(filters.state, Q()), team_id__in=teams)
    return [_narrowed(found, filters)]


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


def _of_state(user: User, filters: Filters, teams: list[int]) -> Iterator[QuerySet[Recording]]:
    if filters.state == "shared":
        yield access.shared_with(user)
    elif filters.state == "mine":
        mine = Recording.objects.filter(PRESENT, team_id__in=teams)
        yield mine.filter(owner=user)
        yield mine.filter(Q(owner=None) | ~Q(owner=user), reviewer=user)
    elif filters.folder or filters.tag:
        # Few enough to need no branches, and each belongs to one team
        base = TRASHED if filters.state == "trash" else PRESENT
        yield Recording.objects.filter(base, CONDITIONS.get(filters.state, Q()), team_id__in=teams)
    else:
        base = TRASHED if filters.state == "trash" else PRESENT
        for team in teams:
            yield Recording.objects.filter(base, CONDITIONS.get(filters.state, Q()), team_id=team)


def _narrowed(recordings: QuerySet[Recording], filters: Filters) -> QuerySet[Recording]:
    if filters.folder:
        recordings = recordings.filter(folder=filters.folder)
    if filters.tag:
        recordings = recordings.filter(tags=filters.tag)
    return recordings.filter(_titled(filters.title))


def _titled(title: str) -> Q:
    return Q(title__icontains=title) | Q(filename__icontains=title) if title else Q()
