"""The only way to reach an object for a person.

Whoever is not in the team gets NotFound, as if there were nothing; a member whose role does not allow it gets
NotAllowed. Views turn these into 404 and 403.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare

from accounts.models import EDITING_ROLES, Membership, Team, User
from transcripts import clock
from transcripts.document.plain import storable
from transcripts.models import Conflict, LiveSession, Recording, Share, Transcript, Upload

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

Found = TypeVar("Found")
# Who listens to a live session: a member or the one who records it by their id, or a guest by the id of the link.
Who = tuple[Literal["user", "speaker"], int] | tuple[Literal["share"], UUID]


class SignIn(NamedTuple):
    """What a socket was opened with. It ends with the session, a new password, or the person's right to sign in."""

    session_key: str
    user_id: int
    auth_hash: str


class NotFound(Exception):
    """There is no such thing for this person."""


class NotAllowed(Exception):
    """The person may see this, but not do that. The message is for them."""


def teams_of(user: User) -> QuerySet[Team]:
    """The person's teams, their own first."""
    return Team.objects.filter(memberships__user=user).order_by(F("personal_owner").asc(nulls_last=True), "name")


def team_ids_of(user_id: int) -> list[int]:
    """The ids of the teams of a person who may still sign in."""
    return list(Membership.objects.filter(user_id=user_id, user__is_active=True).values_list("team_id", flat=True))


def teams_by_user(user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Of each of these people who may still sign in the ids of their teams."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    memberships = Membership.objects.filter(user__in=user_ids, user__is_active=True)
    for user_id, team_id in memberships.values_list("user", "team"):
        found[user_id].add(team_id)
    return {user_id: frozenset(teams) for user_id, teams in found.items()}


def still_signed_in(asked: Collection[SignIn]) -> frozenset[SignIn]:
    """Return those that hold: the session was not ended, the password not changed, the person not locked out."""
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    keys = {one.session_key for one in asked}
    open_keys = set(
        sessions.filter(session_key__in=keys, expire_date__gt=clock.now()).values_list("session_key", flat=True)
    )
    people = User.objects.filter(pk__in={one.user_id for one in asked}, is_active=True)
    hashes = {person.pk: person.get_session_auth_hash() for person in people.only("pk", "password")}
    return frozenset(
        one
        for one in asked
        if one.session_key in open_keys and constant_time_compare(hashes.get(one.user_id, ""), one.auth_hash)
    )


def editable_team_ids_of(user: User) -> frozenset[int]:
    """The ids of the teams the person may add to."""
    memberships = Membership.objects.filter(user=user, role__in=EDITING_ROLES)
    return frozenset(memberships.values_list("team_id", flat=True))


def editable_teams_of(user: User) -> QuerySet[Team]:
    """The teams the person may add to, their own first."""
    mine = Membership.objects.filter(user=user, role__in=EDITING_ROLES)
    return teams_of(user).filter(pk__in=mine.values("team"))


def may_edit(user: User, team: Team) -> bool:
    """Tell whether the person may add to and change what the team owns."""
    return Membership.objects.filter(team=team, user=user, role__in=EDITING_ROLES).exists()


def get_team_for(user: User, slug: str, *, to_edit: bool = False) -> Team:
    """Return one of the person's teams."""
    team = teams_of(user).filter(slug=slug).first()
    if team is None:
        raise NotFound
    return _checked(user, team, team, to_edit=to_edit)


def get_upload_team_for(user: User, slug: str) -> Team:
    """Return the team an upload is to belong to: the named one, or the person's own."""
    if slug:
        return get_team_for(user, slug, to_edit=True)
    team = teams_of(user).filter(personal_owner=user).first()
    if team is None:
        raise NotFound
    return team


def get_recording_for(user: User, recording_id: UUID, *, to_edit: bool = False, in_bin: bool = False) -> Recording:
    """Return a recording of one of the person's teams; one in the bin only where that is asked for."""
    found = Recording.objects.filter(pk=recording_id, team__memberships__user=user, deleted_at__isnull=not in_bin)
    recording = found.select_related("team", "owner").first()
    if recording is None:
        raise NotFound
    return _checked(user, recording.team, recording, to_edit=to_edit)


def get_transcript_for(user: User, transcript_id: UUID, *, to_edit: bool = False) -> Transcript:
    """Return a transcript of one of the person's recordings."""
    found = Transcript.objects.filter(
        pk=transcript_id, recording__team__memberships__user=user, recording__deleted_at=None
    )
    transcript = found.select_related("recording__team", "recording__owner").first()
    if transcript is None:
        raise NotFound
    return _checked(user, transcript.recording.team, transcript, to_edit=to_edit)


def get_conflict_for(user: User, transcript_id: UUID, conflict_id: int) -> Conflict:
    """Return a conflict of one of the person's transcripts, to decide it."""
    found = Conflict.objects.filter(
        pk=conflict_id,
        segment__transcript=transcript_id,
        segment__transcript__recording__team__memberships__user=user,
        segment__transcript__recording__deleted_at=None,
    )
    conflict = found.select_related("segment__transcript__recording__team").first()
    if conflict is None:
        raise NotFound
    return _checked(user, conflict.segment.transcript.recording.team, conflict, to_edit=True)


def get_live_session_for(user: User, session_id: UUID, *, to_edit: bool = False) -> LiveSession:
    """Return a live session of one of the person's teams."""
    found = LiveSession.objects.filter(
        pk=session_id, recording__team__memberships__user=user, recording__deleted_at=None
    )
    session = found.select_related("recording__team", "recording__owner", "transcript", "account", "owner").first()
    if session is None:
        raise NotFound
    return _checked(user, session.recording.team, session, to_edit=to_edit)


def hearers_of(session_ids: Collection[UUID]) -> dict[UUID, tuple[int, frozenset[Who]]]:
    """Of each live session the number of its last change, and who may listen to it."""
    sessions = LiveSession.objects.filter(pk__in=session_ids, recording__deleted_at=None)
    changes = dict(sessions.values_list("pk", "changes"))
    allowed: dict[UUID, set[Who]] = {session_id: set() for session_id in changes}
    team = sessions.filter(recording__team__memberships__user__is_active=True)
    members = "recording__team__memberships"
    for session_id, owner_id, user_id, role in team.values_list("pk", "owner", f"{members}__user", f"{members}__role"):
        allowed[session_id].add(("user", user_id))
        if user_id == owner_id and role in EDITING_ROLES:
            allowed[session_id].add(("speaker", user_id))
    for share in open_shares().filter(recording__live_session__in=changes):
        allowed[share.recording.live_session.pk].add(("share", share.pk))
    return {session_id: (changes[session_id], frozenset(who)) for session_id, who in allowed.items()}


def open_shares() -> QuerySet[Share]:
    """The links that let somebody in now."""
    timely = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    shares = Share.objects.filter(timely, revoked_at=None, recording__deleted_at=None)
    return shares.select_related("recording__live_session")


def get_share(token: str) -> Share:
    """Return the link with this secret part, while it lets somebody in."""
    share = open_shares().filter(token=storable(token)).first()
    if share is None:
        raise NotFound
    return share


def get_upload_for(user: User, upload_id: UUID) -> Upload:
    """Return an upload the person began, while they may still add to its team."""
    upload = Upload.objects.filter(pk=upload_id, owner=user).select_related("team", "owner").first()
    if upload is None or not may_edit(user, upload.team):
        raise NotFound
    return upload


def _checked(user: User, team: Team, found: Found, *, to_edit: bool) -> Found:
    if to_edit and not may_edit(user, team):
        raise NotAllowed("You can read what this team has, but not change it. Ask an owner of the team for more.")
    return found
