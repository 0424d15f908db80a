"""What a person can choose for an act on many recordings: the folders, tags and people of the teams that they edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts import access, formats
from transcripts.models import Tag
from transcripts.services.transcript.review import assignments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Team, User
    from transcripts.formats import Format
    from transcripts.models import Folder

# The verbs for which a person chooses something; the others are done when their button is pressed.
FORMS = ("move", "tag", "untag", "assign", "export")


@dataclass(frozen=True, slots=True)
class TeamChoices:
    """What one team has to choose from."""

    team: Team
    folders: list[Folder] = field(default_factory=list)
    people: list[User] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from."""

    verb: str
    teams: list[TeamChoices] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def formats(self) -> Mapping[str, Format]:
        """Every format of exports."""
        return formats.FORMATS


def choices(user: User, verb: str) -> Choices:
    """Return what the form of a verb shows."""
    teams = list(access.editable_teams_of(user))
    if verb == "move":
        with_folders = (TeamChoices(team, folders=list(team.folders.order_by("name"))) for team in teams)
        return Choices(verb, [one for one in with_folders if one.folders])
    if verb == "assign":
        return Choices(verb, [TeamChoices(team, people=list(assignments.assignable(team))) for team in teams])
    if verb in ("tag", "untag"):
        names = Tag.objects.filter(team__in=teams).order_by("name").values_list("name", flat=True)
        return Choices(verb, tags=list(dict.fromkeys(names)))
    return Choices(verb)
