"""The only way to an object: who asks, what they may do with it, and the object itself.

An actor is a member of a team or a guest who came by a link. What an actor can't see raises NotFound, as if there were
nothing; what they see but can't do raises NotAllowed, with a message for them. Each surface renders the two: pages and
JSON as 404 and 403, sockets as close codes. A query that lists objects starts from `recordings_of`, so a list and a
single object follow one rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, TypeVar
from uuid import UUID

from django.db.models import F, Q

from accounts.models import EDITING_ROLES, Membership, Role, Team, User
from transcripts import clock
from transcripts.document.plain import storable
from transcripts.models import (
    Conflict,
    Export,
    LiveSession,
    Marker,
    Recording,
    Segment,
    Share,
    Speaker,
    Transcript,
    Upload,
)
from transcripts.models.choices import ShareLevel

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet


Row = TypeVar("Row")


class Level(IntEnum):
    """What an actor can do with a recording and all that belongs to it; each level includes those below."""

    VIEW = 1
    COMMENT = 2
    EDIT = 3
    MANAGE = 4


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone without an account, by the link that let them in; `name` is what they call themselves."""

    share: Share
    name: str = ""


# A member is the user themselves: what they may do depends on the team that owns the object.
Actor = User | Guest
# Who follows a transcript's feed: a member or the one who records it by their id, or a guest by the id of the link.
Viewer = tuple[Literal["user", "speaker"], int] | tuple[Literal["share"], UUID]

LEVEL_OF_ROLE = {
    Role.VIEWER: Level.VIEW,
    Role.EDITOR: Level.EDIT,
    Role.ADMIN: Level.MANAGE,
    Role.OWNER: Level.MANAGE,
}
# A captions link opens live words alone, so it gives no level on the transcript.
LEVEL_OF_SHARE = {ShareLevel.VIEW: Level.VIEW, ShareLevel.COMMENT: Level.COMMENT, ShareLevel.EDIT: Level.EDIT}
VIEW_ONLY = "You have view-only access. Ask a team owner for edit access."
NOT_MANAGER = "Only team owners and admins can do this. Ask one of them."


class NotFound(Exception):
    """There is no such thing for this actor."""


class NotAllowed(Exception):
    """The actor can see this, but not do that. The message is for them."""


# Teams


def teams_of(user: User) -> QuerySet[Team]:
    """The person's teams, their own first."""
    return Team.objects.filter(memberships__user=user).order_by(F("personal_owner").asc(nulls_last=True), "name")


def team_ids_of(user_id: int) -> list[int]:
    """The ids of the teams of a person who may still sign in."""
    return list(Membership.objects.filter(user_id=user_id, user__is_active=True).values_list("team_id", flat=True))


def teams_by_user(user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """For each of these people who may still sign in, the ids of their teams."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    memberships = Membership.objects.filter(user__in=user_ids, user__is_active=True)
    for user_id, team_id in memberships.values_list("user", "team"):
        found[user_id].add(team_id)
    return {user_id: frozenset(teams) for user_id, teams in found.items()}


def editable_team_ids_of(user: User) -> frozenset[int]:
    """The ids of the teams the person can add to."""
    memberships = Membership.objects.filter(user=user, role__in=EDITING_ROLES)
    return frozenset(memberships.values_list("team_id", flat=True))


def editable_teams_of(user: User) -> QuerySet[Team]:
    """The teams the person can add to, their own first."""
    mine = Membership.objects.filter(user=user, role__in=EDITING_ROLES)
    return teams_of(user).filter(pk__in=mine.values("team"))


def level_in(user: User, team: Team) -> Level | None:
    """Return what the person can do with what the team owns; None if they are not in it."""
    role = Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()
    return None if role is None else LEVEL_OF_ROLE[Role(role)]


def can_edit(user: User, team: Team) -> bool:
    """Tell whether the person can add to and change what the team owns."""
    return (level_in(user, team) or 0) >= Level.EDIT


def get_team(user: User, slug: str, *, need: Level = Level.VIEW) -> Team:
    """Return one of the person's teams."""
    team = teams_of(user).filter(slug=slug).first()
    if team is None:
        raise NotFound
    _require(level_in(user, team) if need > Level.VIEW else Level.VIEW, need)
    return team


def get_upload_team(user: User, slug: str) -> Team:
    """Return the team an upload is to belong to: the named one, or the person's own."""
    if slug:
        return get_team(user, slug, need=Level.EDIT)
    team = teams_of(user).filter(personal_owner=user).first()
    if team is None:
        raise NotFound
    return team


# Recordings and what belongs to them


def recordings_of(actor: Actor, *, in_trash: bool = False) -> QuerySet[Recording]:
    """Return the recordings that the actor can see."""
    present = Recording.objects.filter(deleted_at__isnull=not in_trash)
    if isinstance(actor, User):
        return present.filter(team__memberships__user=actor)
    links = open_shares().filter(pk=actor.share.pk, level__in=LEVEL_OF_SHARE)
    return present.filter(pk__in=links.values("recording"))


def level_on(actor: Actor, recording: Recording) -> Level | None:
    """Return what the actor can do with a recording; None if they can't see it."""
    if isinstance(actor, User):
        return level_in(actor, recording.team)
    link = open_shares().filter(pk=actor.share.pk, recording=recording).first()
    return None if link is None else LEVEL_OF_SHARE.get(ShareLevel(link.level))


def get_recording(actor: Actor, recording_id: UUID, *, need: Level = Level.VIEW, in_trash: bool = False) -> Recording:
    """Return a recording; one in the trash only if that is asked for."""
    found = recordings_of(actor, in_trash=in_trash).filter(pk=recording_id).select_related("team", "owner").first()
    return _checked(actor, found, found, need)


def get_transcript(actor: Actor, transcript_id: UUID, *, need: Level = Level.VIEW) -> Transcript:
    """Return a transcript."""
    seen = Transcript.objects.filter(pk=transcript_id, recording__in=recordings_of(actor))
    found = seen.select_related("recording__team", "recording__owner").first()
    return _checked(actor, found, found.recording if found else None, need)


def get_transcripts(user: User, transcript_ids: Sequence[UUID]) -> list[Transcript]:
    """Return all of these transcripts, in this order; NotFound if the person can't see one of them."""
    seen = Transcript.objects.filter(pk__in=transcript_ids, recording__in=recordings_of(user))
    found = seen.select_related("recording__team", "recording__owner").in_bulk()
    if not transcript_ids or set(transcript_ids) - found.keys():
        raise NotFound
    return [found[transcript_id] for transcript_id in dict.fromkeys(transcript_ids)]


def get_export(user: User, export_id: UUID) -> Export:
    """Return a file that the person asked for, while they can still see all that is in it."""
    export = _found(Export.objects.select_related("team").filter(pk=export_id, requested_by=user).first())
    get_transcripts(user, [UUID(one) for one in export.transcript_ids])
    return export


def get_conflict(actor: Actor, transcript_id: UUID, conflict_id: int) -> Conflict:
    """Return a conflict of a transcript, to decide it."""
    transcript = get_transcript(actor, transcript_id, need=Level.EDIT)
    found = Conflict.objects.filter(pk=conflict_id, segment__transcript=transcript)
    conflict = found.select_related("segment__transcript__recording__team").first()
    if conflict is None:
        raise NotFound
    return conflict


def get_live_session(actor: Actor, session_id: UUID, *, need: Level = Level.VIEW) -> LiveSession:
    """Return a live session."""
    seen = LiveSession.objects.filter(pk=session_id, recording__in=recordings_of(actor))
    related = ("recording__team", "recording__owner", "transcript", "account", "owner")
    found = seen.select_related(*related).first()
    return _checked(actor, found, found.recording if found else None, need)


def segment_in(transcript_id: UUID, key: str) -> Segment:
    """Return a segment of a transcript that the caller got here, one that was removed too."""
    found = Segment.with_removed.select_related("transcript", "speaker").filter(key=key, transcript=transcript_id)
    return _found(found.first())


def speaker_in(transcript_id: UUID, key: str) -> Speaker:
    """Return a speaker of a transcript that the caller got here."""
    found = Speaker.objects.select_related("transcript__recording").filter(key=key, transcript=transcript_id)
    return _found(found.first())


def marker_in(recording_id: UUID, marker_id: UUID) -> Marker | None:
    """Return a marker of a recording that the caller got here; None if no recording has one with this id yet."""
    marker = Marker.objects.filter(pk=marker_id).first()
    if marker is not None and marker.recording_id != recording_id:
        raise NotFound
    return marker


def get_upload(user: User, upload_id: UUID) -> Upload:
    """Return an upload the person began, while they can still add to its team."""
    upload = Upload.objects.filter(pk=upload_id, owner=user).select_related("team", "owner").first()
    if upload is None or not can_edit(user, upload.team):
        raise NotFound
    return upload


# Links


def open_shares() -> QuerySet[Share]:
    """The links that let guests in now."""
    timely = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    shares = Share.objects.filter(timely, revoked_at=None, recording__deleted_at=None)
    return shares.select_related("recording__live_session")


def get_share(token: str) -> Share:
    """Return the link with this secret part, while it lets guests in."""
    return _found(open_shares().filter(token=storable(token)).first())


def share_in(recording_id: UUID, share_id: UUID) -> Share:
    """Return an open link of a recording that the caller got here."""
    return _found(open_shares().filter(recording=recording_id, pk=share_id).first())


def viewers_of(transcript_ids: Collection[UUID]) -> dict[UUID, tuple[int, frozenset[Viewer]]]:
    """For each transcript, the number of its last change, and who may follow its feed."""
    followed = Transcript.objects.filter(pk__in=transcript_ids, recording__deleted_at=None)
    changes = dict(followed.values_list("pk", "changes"))
    allowed: dict[UUID, set[Viewer]] = {transcript_id: set() for transcript_id in changes}
    members = "recording__team__memberships"
    team = followed.filter(recording__team__memberships__user__is_active=True)
    fields = ("pk", "live_session__owner", f"{members}__user", f"{members}__role")
    for transcript_id, owner_id, user_id, role in team.values_list(*fields):
        allowed[transcript_id].add(("user", user_id))
        if user_id == owner_id and role in EDITING_ROLES:
            allowed[transcript_id].add(("speaker", user_id))
    for share in open_shares().filter(recording__live_session__transcript__in=changes):
        allowed[share.recording.live_session.transcript_id].add(("share", share.pk))
    return {transcript_id: (changes[transcript_id], frozenset(who)) for transcript_id, who in allowed.items()}


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _checked(actor: Actor, row: Row | None, recording: Recording | None, need: Level) -> Row:
    """Return a row that the actor sees, if they can do with it what they need. Seeing it takes no further query."""
    if row is None or recording is None:
        raise NotFound
    if need > Level.VIEW:
        _require(level_on(actor, recording), need)
    return row


def _require(level: Level | None, need: Level) -> None:
    if (level or 0) < need:
        raise NotAllowed(NOT_MANAGER if need == Level.MANAGE else VIEW_ONLY)
