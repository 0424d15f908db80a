"""What the filters of the search page offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.models import Folder, Tag

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.selectors.search.scope import Filters

# A longer list would be no choice.
MOST = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """Folders and tags of the teams that are searched."""

    folders: list[Folder]
    tags: list[Tag]


def choices(user: User, filters: Filters) -> Choices:
    """Return what the person can choose from."""
    teams = access.teams_of(user)
    if filters.team:
        teams = teams.filter(slug=filters.team)
    folders = Folder.objects.filter(team__in=teams.values("pk")).select_related("team").order_by("team__name", "name")
    tags = Tag.objects.filter(team__in=teams.values("pk")).select_related("team").order_by("team__name", "name")
    return Choices(list(folders[:MOST]), list(tags[:MOST]))
