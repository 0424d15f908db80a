"""Members of a team: their roles are changed, they are removed, they leave.

The last owner stays, so that no team is left without anyone who can manage it. Each verb looks at
the owners after it has locked the team, so of two owners who leave at the same moment one is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import EDITING_ROLES, Membership, Removal, Role
from transcripts import clock
from transcripts.access import Level, NotFound
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.teams.lock import locked, role_in
from transcripts.services.transcript.review import withdrawal

if TYPE_CHECKING:
    from accounts.models import Team, User

LAST_OWNER = "A team needs an owner. Make another member an owner first."
OWNERS_ONLY = "Only an owner can make an owner, or change or remove one. Ask an owner of the team."
PERSONAL = "This is {}’s own team, so they stay its owner."
NO_ROLE = "Choose one of the roles."
OWN_TRANSFER = "Choose another member who becomes the owner."


def change_role(team: Team, user_id: int, role: str, *, actor: User) -> Membership:
    """Give a member another role. Raises Refused; a role below editor releases what they had claimed or to review."""
    if role not in Role.values:
        raise Refused("role", NO_ROLE)
    with locked(team) as team:
        mine, membership = role_in(team, actor), _membership(team, user_id)
        before = Role(membership.role)
        if role == before:
            return membership
        _refuse_owners(mine, before, Role(role))
        _refuse_loss(team, membership)
        _write(membership, Role(role), actor)
    return membership


def remove(team: Team, user_id: int, *, actor: User) -> User:
    """Remove a member. Raises Refused for the last owner, and for owners unless an owner asks."""
    with locked(team) as team:
        mine, membership = role_in(team, actor), _membership(team, user_id)
        _refuse_owners(mine, Role(membership.role))
        _refuse_loss(team, membership)
        _end(membership, "team:member_removed", actor)
        Removal.objects.update_or_create(team=team, user=membership.user, defaults={"at": clock.now()})
    return membership.user


def leave(team: Team, *, actor: User) -> None:
    """Let a person leave. Raises Refused for the last owner, and in one's own team."""
    with locked(team) as team:
        role_in(team, actor, Level.VIEW)
        membership = _membership(team, actor.pk)
        _refuse_loss(team, membership)
        _end(membership, "team:member_left", actor)


def transfer(team: Team, user_id: int, *, actor: User) -> User:
    """Make another member an owner and the actor an admin, both or neither. Raises Refused."""
    if user_id == actor.pk:
        raise Refused("role", OWN_TRANSFER)
    with locked(team) as team:
        _refuse_owners(role_in(team, actor), Role.OWNER)
        theirs, mine = _membership(team, user_id), _membership(team, actor.pk)
        _refuse_personal(team, mine)
        _refuse_inactive(theirs)
        _write(theirs, Role.OWNER, actor)
        _write(mine, Role.ADMIN, actor)
    return theirs.user


def _membership(team: Team, user_id: int) -> Membership:
    found = Membership.objects.filter(team=team, user=user_id).select_related("user").first()
    if found is None:
        raise NotFound
    return found


def _refuse_owners(mine: Role, *roles: Role) -> None:
    """Raise Refused if ownership is touched by one who isn't an owner."""
    if Role.OWNER in roles and mine != Role.OWNER:
        raise Refused("owners_only", OWNERS_ONLY)


def _refuse_loss(team: Team, membership: Membership) -> None:
    """Raise Refused if the team would be without an owner who can sign in, or a person without their own team."""
    _refuse_personal(team, membership)
    others = Membership.objects.filter(team=team, role=Role.OWNER, user__is_active=True).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise Refused("last_owner", LAST_OWNER)


def _refuse_personal(team: Team, membership: Membership) -> None:
    if team.personal_owner_id == membership.user_id:
        raise Refused("personal_team", PERSONAL.format(membership.user))


def _refuse_inactive(membership: Membership) -> None:
    if not membership.user.is_active:
        raise Refused("last_owner", LAST_OWNER)


def _write(membership: Membership, role: Role, actor: User) -> None:
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    changed = {"member": membership.user_id, "before": before, "after": role.value}
    activities.record_for_team("team:role_changed", membership.team, actor=actor, **changed)
    if role not in EDITING_ROLES:
        withdrawal.withdraw(membership.team, membership.user, actor=actor)


def _end(membership: Membership, verb: str, actor: User) -> None:
    withdrawal.withdraw(membership.team, membership.user, actor=actor)
    activities.record_for_team(verb, membership.team, actor=actor, member=membership.user_id, role=membership.role)
    Membership.objects.filter(pk=membership.pk).delete()
