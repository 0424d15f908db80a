"""What all pages of a team share: the team, one's role in it, and how much is behind each tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import Membership, Role
from transcripts import access
from transcripts.access import Level
from transcripts.models import Term

if TYPE_CHECKING:
    from accounts.models import Team, User


@dataclass(frozen=True, slots=True)
class Frame:
    """The team of a page and what the person can do there."""

    team: Team
    role: Role
    members: int
    terms: int

    @property
    def may_manage(self) -> bool:
        """Whether the person can change members, invitations and defaults."""
        return self.role in (Role.OWNER, Role.ADMIN)

    @property
    def is_owner(self) -> bool:
        """Whether the person owns the team."""
        return self.role == Role.OWNER


def frame_of(user: User, slug: str, *, need: Level = Level.VIEW) -> Frame:
    """Return what the pages of one of the person's teams share. Raises access.NotFound and access.NotAllowed."""
    team = access.get_team(user, slug, need=need)
    members = Membership.objects.filter(team=team)
    role = Role(members.values_list("role", flat=True).get(user=user))
    return Frame(team, role, members.count(), Term.objects.filter(vocabulary__team=team).count())
