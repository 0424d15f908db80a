"""What opens a recording to those who aren't in its team: grants to people and teams, and links for guests.

A folder that is shared opens what is in it at the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q

from accounts.models import Membership
from accounts.second_step import factors
from transcripts import clock
from transcripts.access.levels import LEVEL_OF_GRANT, Level, NotFound
from transcripts.access.second_step import open_memberships
from transcripts.document.plain import storable
from transcripts.models import Folder, FolderLink, Grant, Recording, Share
from transcripts.models.choices import GrantLevel, LiveStatus, ShareLevel

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.models.sharing import GrantQuerySet


# Grants


def open_grants() -> GrantQuerySet:
    """Return the grants that hold now."""
    return Grant.objects.filter(is_timely(), revoked_at=None)


def grants_to(user: User) -> GrantQuerySet:
    """Return the grants that hold now for a person, or for a team of theirs.

    What a team owns that requires two-step sign-in needs it here as well.
    """
    teams = open_memberships().filter(user=user).values("team")
    return open_grants().filter(of_open_owner() | factors.exists_of(user)).filter(Q(user=user) | Q(team__in=teams))


def of_open_owner() -> Q:
    """Return what is true of the grants of teams that don't require two-step sign-in."""
    return Q(recording__team__requires_second_factor=False) | Q(folder__team__requires_second_factor=False)


def is_granted_to(user: User) -> Q:
    """Return what is true of the recordings that are shared with a person, themselves or with their folder."""
    given = grants_to(user)
    folders = given.filter(folder__isnull=False).values("folder")
    return Q(pk__in=given.filter(recording__isnull=False).values("recording")) | Q(folder__in=folders)


def granted_level(user: User, target: Recording | Folder) -> Level | None:
    """Return what the person can do with something because it is shared with them."""
    given = grants_to(user).on(target).values_list("level", flat=True)
    return max((LEVEL_OF_GRANT[GrantLevel(level)] for level in given), default=None)


def shared_with(user: User) -> QuerySet[Recording]:
    """Return the recordings of teams that the person is not in, which are shared with them."""
    return _of_others(user).filter(is_granted_to(user))


def shared_in_parts(user: User) -> tuple[QuerySet[Recording], QuerySet[Recording]]:
    """Return the same in two parts that have nothing in common: shared themselves, and with their folder.

    Each is found by an index; for either of both a database reads all recordings.
    """
    given = grants_to(user)
    others, themselves = _of_others(user), given.filter(recording__isnull=False).values("recording")
    folders = given.filter(folder__isnull=False).values("folder")
    return others.filter(pk__in=themselves), others.filter(folder__in=folders).exclude(pk__in=themselves)


def _of_others(user: User) -> QuerySet[Recording]:
    teams = Membership.objects.filter(user=user).values("team")
    return Recording.objects.filter(deleted_at=None).exclude(team__in=teams)


def grant_in(target: Recording | Folder, grant_id: int) -> Grant:
    """Return a grant of something that the caller got from `access`; expired ones can be renewed."""
    found = Grant.objects.of(target).filter(pk=grant_id, revoked_at=None).first()
    if found is None:
        raise NotFound
    return found


# Links


def open_folder_links() -> QuerySet[FolderLink]:
    """Return the links to folders that let guests in now."""
    return FolderLink.objects.filter(is_timely(), revoked_at=None).select_related("folder__team")


def get_folder_link(token: str) -> FolderLink:
    """Return the link to a folder with this secret part, while it lets guests in."""
    found = open_folder_links().filter(token=storable(token)).first()
    if found is None:
        raise NotFound
    return found


def open_shares() -> QuerySet[Share]:
    """Return the links that let guests in now.

    One that a link to a folder made holds while that does and the recording is in the folder.
    """
    links = open_folder_links().values("pk")
    holds = Q(folder_link=None) | Q(folder_link__in=links, recording__folder=F("folder_link__folder"))
    shares = Share.objects.filter(is_timely(), holds, revoked_at=None, recording__deleted_at=None)
    return shares.select_related("recording__live_session", "folder_link__folder")


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


def is_timely() -> Q:
    """Return what is true of grants and links that have not expired."""
    return Q(expires_at=None) | Q(expires_at__gt=clock.moment())
