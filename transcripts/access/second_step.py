"""Teams that require two-step sign-in are closed to members without a passkey or an authenticator app.

The rule is in the queries of memberships that all access starts from, so it holds for pages, sockets, uploads and media
alike. Sockets ask again every few seconds: who removes their last factor loses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Membership, Team
from accounts.second_step import factors

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


def open_memberships() -> QuerySet[Membership]:
    """Return the memberships that give access now."""
    return Membership.objects.filter(Q(team__requires_second_factor=False) | factors.exists_for("user"))


def closed_teams_of(user: User) -> QuerySet[Team]:
    """Return the person's teams that they can't open until they set up two-step sign-in."""
    mine = Membership.objects.filter(user=user).exclude(pk__in=open_memberships().values("pk"))
    return Team.objects.filter(pk__in=mine.values("team")).order_by("name")


def teams_that_require_second_step(user: User) -> QuerySet[Team]:
    """Return the person's teams whose members need two-step sign-in."""
    return Team.objects.filter(memberships__user=user, requires_second_factor=True).order_by("name")
