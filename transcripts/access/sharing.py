"""What opens a recording to those who aren't in its team: grants to people and teams, and links for guests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Membership
from accounts.second_step import factors
from transcripts import clock
from transcripts.access.levels import LEVEL_OF_GRANT, Level, NotFound
from transcripts.access.second_step import open_memberships
from transcripts.document.plain import storable
from transcripts.models import Grant, Recording, Share
from transcripts.models.choices import GrantLevel, LiveStatus, ShareLevel

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User


def open_grants() -> QuerySet[Grant]:
    """Return the grants that hold now."""
    return Grant.objects.filter(_is_timely(), revoked_at=None)


def grants_to(user: User) -> QuerySet[Grant]:
    """Return the grants that hold now for a person, or for a team of theirs.

    What a team owns that requires two-step sign-in needs it here as well.
    """
    teams = open_memberships().filter(user=user).values("team")
    is_safe = Q(recording__team__requires_second_factor=False) | factors.exists_of(user)
    return open_grants().filter(is_safe).filter(Q(user=user) | Q(team__in=teams))


def granted_level(user: User, recording: Recording) -> Level | None:
    """Return what the person can do with a recording because it is shared with them."""
    given = grants_to(user).filter(recording=recording).values_list("level", flat=True)
    return max((LEVEL_OF_GRANT[GrantLevel(level)] for level in given), default=None)


def shared_with(user: User) -> QuerySet[Recording]:
    """Return the recordings of teams that the person is not in, which are shared with them."""
    shared = Recording.objects.filter(deleted_at=None, pk__in=grants_to(user).values("recording"))
    return shared.exclude(team__in=Membership.objects.filter(user=user).values("team"))


def grant_in(recording_id: UUID, grant_id: int) -> Grant:
    """Return a grant of a recording that the caller got from `access`; expired ones can be renewed."""
    found = Grant.objects.filter(recording=recording_id, pk=grant_id, revoked_at=None).first()
    if found is None:
        raise NotFound
    return found


def open_shares() -> QuerySet[Share]:
    """Return the links that let guests in now."""
    shares = Share.objects.filter(_is_timely(), revoked_at=None, recording__deleted_at=None)
    return shares.select_related("recording__live_session")


def reading_shares() -> QuerySet[Share]:
    """Return the links that open a transcript now: those of captions only after their session, and if they say so."""
    is_over = Q(recording__live_session__status__in=(LiveStatus.FINISHING, LiveStatus.FINISHED))
    return open_shares().filter(~Q(level=ShareLevel.CAPTIONS) | Q(is_over, opens_text=True))


def get_share(token: str) -> Share:
    """Return the link with this secret part, while it lets guests in."""
    found = open_shares().filter(token=storable(token)).first()
    if found is None:
        raise NotFound
    return found


def share_in(recording_id: UUID, share_id: UUID) -> Share:
    """Return an open link of a recording that the caller got from `access`."""
    found = open_shares().filter(recording=recording_id, pk=share_id).first()
    if found is None:
        raise NotFound
    return found


def _is_timely() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=clock.now())
