"""The team that a person works in, and those that they can switch to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from accounts.models import Membership, Role

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


@dataclass(frozen=True, slots=True)
class Switch:
    """The teams of a person. `chosen` is the one that they switched to, None if they never did or it is theirs no more.

    `current` is that team, else the first: their own.
    """

    choices: Sequence[Choice]
    current: Team | None
    chosen: Team | None


def switch_of(user: User, teams: Sequence[Team], slug: str) -> Switch:
    """Return the teams of a person, who last switched to the one with this slug."""
    chosen = next((team for team in teams if team.slug == slug), None)
    current = chosen or next(iter(teams), None)
    roles = dict(Membership.objects.filter(user=user).values_list("team", "role"))
    among = Membership.objects.filter(team__in=teams).order_by().values("team").annotate(count=Count("pk"))
    counts = dict(among.values_list("team", "count"))
    choices = [
        Choice(team, str(Role(roles[team.pk]).label), counts.get(team.pk, 0), team == current)
        for team in teams
        if team.pk in roles
    ]
    return Switch(choices, current, chosen)
