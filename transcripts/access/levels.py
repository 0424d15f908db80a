"""Who asks, and what they may do with a team and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from django.db.models import Case, When

from accounts.models import EDITING_ROLES, Role, Team, User
from transcripts.access.second_step import closed_teams_of, open_memberships
from transcripts.models.choices import GrantLevel, ShareLevel

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from transcripts.models import (
        Share,
    )


class Level(IntEnum):
    """What an actor can do with a recording and all that belongs to it; each level includes those below.

    To decide is to transcribe it again, to assign and approve it, to delete it: for editors of its team, and not for
    people and guests it is shared with.
    """

    VIEW = 1
    COMMENT = 2
    EDIT = 3
    DECIDE = 4
    MANAGE = 5


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone without an account, by the link that let them in; `name` is what they call themselves."""

    share: Share
    name: str = ""


class Place(NamedTuple):
    """A team that a person is in, and what they can do there."""

    team_id: int
    slug: str
    level: Level


PLACE = ("team", "team__slug", "role")
# A member is the user themselves: what they may do depends on the team that owns the object.
Actor = User | Guest
# Who follows a transcript's feed: a member or the one who records it by their id, or a guest by the id of the link.
Viewer = tuple[Literal["user", "speaker"], int] | tuple[Literal["share"], UUID]

LEVEL_OF_ROLE = {
    Role.VIEWER: Level.VIEW,
    Role.COMMENTER: Level.COMMENT,
    Role.EDITOR: Level.DECIDE,
    Role.ADMIN: Level.MANAGE,
    Role.OWNER: Level.MANAGE,
}
# A captions link opens live words alone, so it gives no level on the transcript.
LEVEL_OF_GRANT = {GrantLevel.VIEW: Level.VIEW, GrantLevel.COMMENT: Level.COMMENT, GrantLevel.EDIT: Level.EDIT}
LEVEL_OF_SHARE = {ShareLevel.VIEW: Level.VIEW, ShareLevel.COMMENT: Level.COMMENT, ShareLevel.EDIT: Level.EDIT}
VIEW_ONLY = "You have view-only access. Ask a team owner for edit access."
NOT_IN_TEAM = "Only members of its team can do this. Ask the person who shared it with you."
NEEDS_SECOND_STEP = "{team} requires two-step sign-in. Set it up on the page of your account."
NOT_MANAGER = "Only team owners and admins can do this. Ask one of them."


class NotFound(Exception):
    """There is no such thing for this actor."""


class NotAllowed(Exception):
    """The actor can see this, but not do that. The message is for them."""


class NeedsSecondStep(NotFound):
    """The team requires two-step sign-in, which the person hasn't set up. The message is for them.

    It is a NotFound, so that a surface which doesn't know it still shows nothing.
    """

    def __init__(self, team: Team) -> None:
        super().__init__(NEEDS_SECOND_STEP.format(team=team))


# Teams


def teams_of(user: User) -> QuerySet[Team]:
    """The person's teams, their own first."""
    mine = open_memberships().filter(user=user)
    is_own = Case(When(personal_owner=user, then=0), default=1)
    return Team.objects.filter(pk__in=mine.values("team")).order_by(is_own, "name", "pk")


def team_ids_of(user_id: int) -> list[int]:
    """The ids of the teams of a person who may still sign in."""
    return list(open_memberships().filter(user_id=user_id, user__is_active=True).values_list("team_id", flat=True))


def places_of(user: User) -> list[Place]:
    """Return the person's teams as a list of recordings needs them: what they are called and what one can do there."""
    mine = open_memberships().filter(user=user, user__is_active=True).order_by("team")
    return [Place(team, slug, LEVEL_OF_ROLE[Role(role)]) for team, slug, role in mine.values_list(*PLACE)]


def teams_by_user(user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """For each of these people who may still sign in, the ids of their teams."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    memberships = open_memberships().filter(user__in=user_ids, user__is_active=True)
    for user_id, team_id in memberships.values_list("user", "team"):
        found[user_id].add(team_id)
    return {user_id: frozenset(teams) for user_id, teams in found.items()}


def editable_team_ids_of(user: User) -> frozenset[int]:
    """The ids of the teams the person can add to."""
    memberships = open_memberships().filter(user=user, role__in=EDITING_ROLES)
    return frozenset(memberships.values_list("team_id", flat=True))


def editable_teams_of(user: User) -> QuerySet[Team]:
    """The teams the person can add to, their own first."""
    mine = open_memberships().filter(user=user, role__in=EDITING_ROLES)
    return teams_of(user).filter(pk__in=mine.values("team"))


def level_in(user: User, team: Team) -> Level | None:
    """Return what the person can do with what the team owns; None if they are not in it."""
    role = open_memberships().filter(team=team, user=user).values_list("role", flat=True).first()
    return None if role is None else LEVEL_OF_ROLE[Role(role)]


def can_edit(user: User, team: Team) -> bool:
    """Tell whether the person can add to and change what the team owns."""
    return (level_in(user, team) or 0) >= Level.EDIT


def get_team(user: User, slug: str, *, need: Level = Level.VIEW) -> Team:
    """Return one of the person's teams."""
    team = teams_of(user).filter(slug=slug).first()
    if team is None:
        raise_if_closed(closed_teams_of(user).filter(slug=slug))
        raise NotFound
    require(level_in(user, team) if need > Level.VIEW else Level.VIEW, need)
    return team


def get_upload_team(user: User, slug: str) -> Team:
    """Return the team an upload is to belong to: the named one, or the person's own."""
    if slug:
        return get_team(user, slug, need=Level.EDIT)
    team = teams_of(user).filter(personal_owner=user).first()
    if team is None:
        raise NotFound
    return team


def raise_if_closed(teams: QuerySet[Team]) -> None:
    """Raise NeedsSecondStep for the first of these teams, which are closed to the person; none is no error."""
    if team := teams.first():
        raise NeedsSecondStep(team)


def require(level: Level | None, need: Level) -> None:
    """Raise NotAllowed unless the level is what is needed."""
    if (level or 0) < need:
        is_shared = need == Level.DECIDE and level == Level.EDIT
        raise NotAllowed(NOT_IN_TEAM if is_shared else NOT_MANAGER if need == Level.MANAGE else VIEW_ONLY)
