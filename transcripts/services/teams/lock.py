"""One change of a team's members at a time, with what its actor may do now."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Membership, Role, Team
from transcripts.access import Level, NotFound
from transcripts.access.levels import LEVEL_OF_ROLE, require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


@contextmanager
def locked(team: Team) -> Iterator[Team]:
    """Change a team in a transaction that no other change of its members comes between; yield the team as it is then.

    The lock lets others refer to the team: an edit of one of its transcripts writes an activity and never waits.
    """
    with transaction.atomic():
        found = Team.objects.select_for_update(no_key=True).filter(pk=team.pk).first()
        if found is None:
            raise NotFound
        yield found


def role_in(team: Team, user: User, need: Level = Level.MANAGE) -> Role:
    """Return the actor's role, read after the lock was taken. Raises NotAllowed, or NotFound for an outsider."""
    role = Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()
    if role is None:
        raise NotFound
    require(LEVEL_OF_ROLE[Role(role)], need)
    return Role(role)
