"""The members of a team and who is invited, with what the person who looks can do about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import INVITED_ROLES, Invitation, Membership, Role
from transcripts import clock
from transcripts.selectors.teams import usage
from transcripts.selectors.teams.frame import Frame, frame_of
from transcripts.services.teams import invitations
from transcripts.services.teams.roles import CAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User

ORDER = {role.value: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Explained:
    """A role with what it can do."""

    value: str
    label: str
    can: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the page shows them. `roles` are those that they can be given; none if the role can't be changed."""

    membership: Membership
    is_me: bool
    used_ms: int
    roles: Sequence[Explained] = ()
    may_remove: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """An invitation that is not used up."""

    invitation: Invitation
    used: int
    is_expired: bool


@dataclass(frozen=True, slots=True)
class MembersPage:
    """What the page of the members shows. `successors` are the members who could become the owner."""

    frame: Frame
    members: list[Member]
    pending: list[Pending]
    roles: list[Explained]
    invited_roles: list[Explained]
    successors: list[Membership]
    may_leave: bool


def page_of(user: User, slug: str) -> MembersPage:
    """Return the members of one of the person's teams. Raises access.NotFound."""
    frame = frame_of(user, slug)
    found = Membership.objects.filter(team=frame.team).select_related("user")
    memberships = sorted(found, key=lambda one: (ORDER[one.role], str(one.user).casefold()))
    used = usage.by_person(frame.team)
    return MembersPage(
        frame=frame,
        members=[_member(one, frame, user, used.get(one.user_id, usage.Used()).together_ms) for one in memberships],
        pending=_pending(frame),
        roles=explained(tuple(Role)),
        invited_roles=explained(INVITED_ROLES),
        successors=[one for one in memberships if frame.is_owner and one.user != user and one.user.is_active],
        may_leave=frame.team.personal_owner_id != user.pk,
    )


def explained(roles: Sequence[Role]) -> list[Explained]:
    """Return roles with what each can do."""
    return [Explained(role.value, str(role.label), CAN[role]) for role in roles]


def _member(membership: Membership, frame: Frame, user: User, used_ms: int) -> Member:
    is_fixed = frame.team.personal_owner_id == membership.user_id
    is_beyond = membership.role == Role.OWNER and not frame.is_owner
    may_change = frame.may_manage and not is_fixed and not is_beyond
    roles = tuple(Role) if frame.is_owner else INVITED_ROLES
    is_me = membership.user == user
    return Member(membership, is_me, used_ms, explained(roles) if may_change else (), may_change and not is_me)


def _pending(frame: Frame) -> list[Pending]:
    if not frame.may_manage:
        return []
    now = clock.now()
    found = invitations.unused().filter(team=frame.team).select_related("created_by").order_by("-created_at")
    return [Pending(one, one.used, one.expires_at <= now) for one in found]
