"""The team that a person works in, and those that they can switch to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery

from accounts.models import EDITING_ROLES, Membership, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Team, User


@dataclass(frozen=True, slots=True)
class Choice:
    """A team that a person can work in."""

    team: Team
    role: str
    members: int
    is_current: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """The teams of a person. `chosen` is the one that they switched to, None if they never did or it is theirs no more.

    `current` is that team, else the first: their own. `has_closed` says that others need
    two-step sign-in first.
    """

    choices: Sequence[Choice]
    current: Team | None
    chosen: Team | None
    has_closed: bool


def switch_of(user: User, teams: Sequence[Team], slug: str) -> Switch:
    """Return the teams of a person, who last switched to the one with this slug."""
    chosen = next((team for team in teams if team.slug == slug), None)
    current = chosen or next(iter(teams), None)
    members = Membership.objects.filter(team=OuterRef("team")).order_by().values("team").values(count=Count("pk"))
    mine = Membership.objects.filter(user=user).values_list("team", "role", Subquery(members))
    known = {team: (role, count) for team, role, count in mine}
    choices = [_choice(team, *known[team.pk], is_current=team == current) for team in teams if team.pk in known]
    return Switch(choices, current, chosen, has_closed=len(known) > len(choices))


def _choice(team: Team, role: str, members: int, *, is_current: bool) -> Choice:
    return Choice(team, str(Role(role).label), members, is_current, may_edit=role in EDITING_ROLES)
