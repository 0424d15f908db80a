"""What the rail shows beside the library: folders and tags of the team that is shown, and the person's filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from transcripts.access import Level
from transcripts.models import Folder, Recording, SavedFilter, Tag
from transcripts.models.recordings import PRESENT
from transcripts.selectors.library.filters import ANY_TEAM, Branch
from transcripts.selectors.library.unions import of_team, union

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.access import Place
    from transcripts.selectors.library.filters import Filters
    from transcripts.selectors.library.unions import Union

FOLDER, TAG = "folder", "tag"


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder or tag, and how many recordings it has."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Rail:
    """The groups of the rail. With all teams shown there are no folders and tags: each belongs to one team."""

    filters: Filters
    team: str = ""
    folders: list[Entry] = field(default_factory=list)
    tags: list[Entry] = field(default_factory=list)
    saved: list[SavedFilter] = field(default_factory=list)
    may_edit: bool = False

    @property
    def folder(self) -> Entry | None:
        """The folder that is shown."""
        return next((one for one in self.folders if one.id == self.filters.folder), None)

    @property
    def tag(self) -> Entry | None:
        """The tag that is shown."""
        return next((one for one in self.tags if one.id == self.filters.tag), None)

    @property
    def filter(self) -> SavedFilter | None:
        """The saved filter that is shown."""
        return next((one for one in self.saved if one.query == self.filters.query), None)


def rail_of(user: User, filters: Filters, teams: Sequence[Place]) -> Rail:
    """Return the groups beside a page of the library."""
    shown = [team for team in teams if filters.team in ("", team.slug)]
    saved = list(SavedFilter.objects.filter(user=user).order_by(Lower("name")))
    if len(shown) != 1:
        return Rail(filters, saved=saved)
    (team,) = shown
    entries = _entries(team.team_id)
    return Rail(
        filters,
        team.slug,
        entries[FOLDER],
        entries[TAG],
        saved,
        may_edit=team.level >= Level.DECIDE,
    )


def _counted(grouped: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _told(found: QuerySet[Any], kind: str, count: Coalesce) -> Any:
    return found.annotate(kind=Value(kind), count=count).order_by().values_list("kind", "pk", "name", "count")


def _entries(team_id: int) -> dict[str, list[Entry]]:
    """Return both by name, asked for together."""
    found: dict[str, list[Entry]] = {FOLDER: [], TAG: []}
    for kind, pk, name, count in sorted(of_team(_of_any_team(), team_id), key=lambda row: row[2].casefold()):
        found[kind].append(Entry(pk, name, count))
    return found


@cache
def _of_any_team() -> Union | None:
    """Let Django write the SQL once: that takes ten times longer than to answer it."""
    inside = Recording.objects.filter(PRESENT, folder=OuterRef("pk")).order_by().values("folder")
    marked = Recording.tags.through.objects.filter(tag=OuterRef("pk"), recording__deleted_at=None).order_by()
    folders = _told(Folder.objects.filter(team=ANY_TEAM), FOLDER, _counted(inside))
    tags = _told(Tag.objects.filter(team=ANY_TEAM), TAG, _counted(marked.values("tag")))
    return union([Branch(folders), Branch(tags)])
