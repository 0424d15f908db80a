"""Joining a team by an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts import addresses
from accounts.models import Invitation, InvitationUse, Membership, Removal
from transcripts import clock
from transcripts.access import NotFound
from transcripts.document.plain import storable
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.teams.lock import locked

if TYPE_CHECKING:
    from accounts.models import Team, User

REVOKED = "This invitation was revoked. Ask the person who invited you for a new one."
EXPIRED = "This invitation has expired. Ask the person who invited you for a new one."
USED = "This invitation was used already. Ask the person who invited you for a new one."
FULL = "Everyone that this link was for has joined. Ask the person who sent it to you for a new one."
REMOVED = "This invitation is from before you were removed from the team. Ask a team owner for a new one."
ELSEWHERE = "This link is for addresses at {}. Sign in with one, or ask the person who sent you the link."
UNVERIFIED = "Confirm your address at {} first: open the link in the mail that you were sent when you signed up."


def get(token: str) -> Invitation:
    """Return the invitation with this secret part, whether it still lets anyone in or not. Raises NotFound."""
    token = storable(token)
    found = Invitation.objects.filter(Q(token=token) | Q(mail_token=token)).select_related("team", "created_by").first()
    if found is None:
        raise NotFound
    return found


def refuse_ended(invitation: Invitation) -> None:
    """Raise Refused if the invitation lets no one in any more; the message says why."""
    if invitation.revoked_at is not None:
        raise Refused("invitation_revoked", REVOKED)
    used, most = invitation.uses.count(), invitation.most_uses
    if most is not None and used >= most:
        raise Refused("invitation_used", USED if invitation.email else FULL)
    if invitation.expires_at <= clock.now():
        raise Refused("invitation_expired", EXPIRED)


def refuse_person(invitation: Invitation, person: User) -> None:
    """Raise Refused if the invitation is not for this person."""
    removals = Removal.objects.filter(team=invitation.team_id, user=person, at__gte=invitation.created_at)
    if removals.exists() or invitation.uses.filter(user=person).exists():
        raise Refused("invitation_removed", REMOVED)
    if not invitation.domain:
        return
    if not person.email.lower().endswith(f"@{invitation.domain}"):
        raise Refused("invitation_domain", ELSEWHERE.format(invitation.domain))
    if not addresses.is_proven(person):
        raise Refused("invitation_domain", UNVERIFIED.format(invitation.domain))


def is_member(team: Team, person: User) -> bool:
    """Tell whether a person is in the team already."""
    return Membership.objects.filter(team=team, user=person).exists()


def accept(invitation: Invitation, *, actor: User) -> bool:
    """Let a person join; False if they are in the team already, with the role that they have. Raises Refused."""
    with locked(invitation.team) as team:
        invitation = Invitation.objects.select_related("team").get(pk=invitation.pk)
        if is_member(team, actor):
            return False
        refuse_ended(invitation)
        refuse_person(invitation, actor)
        Membership.objects.create(team=team, user=actor, role=invitation.role)
        InvitationUse.objects.create(invitation=invitation, user=actor)
        activities.record_for_team("team:joined", team, actor=actor, role=invitation.role)
    return True
