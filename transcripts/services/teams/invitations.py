"""Invitations: mailed or copied as a link, sent again, renewed, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from django.db.models import Count, F, Q
from django.template.loader import render_to_string

from accounts import attempts, outbox
from accounts.models import INVITED_ROLES, Invitation, Membership, Role, Team
from accounts.models.invitations import new_token
from transcripts import clock
from transcripts.access import NotFound
from transcripts.document.plain import one_line
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.teams.addresses import domain_of, is_address, listed
from transcripts.services.teams.lock import locked, role_in
from transcripts.services.teams.roles import CAN

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from accounts.models import User

    # Returns the full address of a page that accepts the invitation with this token.
    Address = Callable[[str], str]


class Uses(TypedDict):
    """How many joined by an invitation."""

    used: int


if TYPE_CHECKING:
    CountedInvitation = WithAnnotations[Invitation, Uses]

LIFETIMES = {"week": timedelta(days=7), "fortnight": timedelta(days=14), "month": timedelta(days=30)}
USUAL = "fortnight"
MOST_AT_A_TIME, MOST_OPEN, MOST_PLACES = 100, 500, 1_000
# So many mails can one person have sent within a day, whatever became of the invitations: they go to strangers.
MOST_A_DAY = 200

NO_ADDRESS = "Enter the addresses of those you want to invite."
TOO_MANY_ADDRESSES = f"Invite up to {MOST_AT_A_TIME} addresses at a time."
TOO_MANY_A_DAY = f"You can invite {MOST_A_DAY} addresses a day. Invite the others tomorrow, or create a link."
TOO_MANY_OPEN = f"The team has {MOST_OPEN} open invitations. Revoke those that you no longer need."
NO_ROLE = "Choose the role that is given with the invitation. An owner can make someone an owner once they have joined."
NO_DOMAIN = "Enter a domain such as example.org, or leave it empty."
NO_PLACES = f"Enter how many can join, from 1 to {MOST_PLACES:,}, or leave it empty."
ENDED = "This invitation was used or revoked. Create a new one."

Result = Literal["sent", "member", "invited", "invalid", "limited"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address that was to be invited."""

    address: str
    result: Result


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a person wants it; `places` and `domain` are empty for anyone and any number."""

    role: str
    label: str = ""
    domain: str = ""
    places: str = ""
    lifetime: str = USUAL


def invite(team: Team, text: str, role: str, *, actor: User, address: Address) -> list[Outcome]:
    """Mail an invitation to each address in a text; return what became of each. Raises Refused, and then mails none."""
    wanted = listed(text)
    _refuse_role(role)
    if not wanted:
        raise Refused("no_address", NO_ADDRESS)
    if len(wanted) > MOST_AT_A_TIME:
        raise Refused("too_many_addresses", TOO_MANY_ADDRESSES)
    _refuse_flood(actor, len(wanted))
    # Mails are counted in the cache, so before the transaction
    mailable = {one for one in wanted if is_address(one) and attempts.can_mail("invitation", one)}
    with locked(team) as team:
        role_in(team, actor)
        _refuse_full(team, len(wanted))
        return [Outcome(one, _invite(team, one, Role(role), actor, address, mailable)) for one in wanted]


def _invite(team: Team, email: str, role: Role, actor: User, address: Address, mailable: set[str]) -> Result:
    if not is_address(email):
        return "invalid"
    if Membership.objects.filter(team=team, user__email=email).exists():
        return "member"
    if open_invitations().filter(team=team, email=email).exists():
        return "invited"
    if email not in mailable:
        return "limited"
    invitation = _create(team, actor, LIFETIMES[USUAL], email=email, role=role)
    _mail(invitation, actor, address)
    _record("team:invited", invitation, actor)
    return "sent"


def create_link(team: Team, wish: Link, *, actor: User) -> Invitation:
    """Create a link by which others join. Raises Refused for what can't be read."""
    _refuse_role(wish.role)
    domain, places = domain_of(wish.domain), _places(wish.places)
    if wish.domain.strip() and not domain:
        raise Refused("domain", NO_DOMAIN)
    lasts = LIFETIMES.get(wish.lifetime, LIFETIMES[USUAL])
    with locked(team) as team:
        role_in(team, actor)
        _refuse_full(team, 1)
        label = one_line(wish.label)[:120]
        invitation = _create(team, actor, lasts, role=wish.role, label=label, domain=domain, places=places)
        _record("team:link_created", invitation, actor)
    return invitation


def send_again(team: Team, invitation_id: UUID, *, actor: User, address: Address) -> bool:
    """Mail an invitation once more and let it last longer; False if its address had too many mails just now."""
    found = invitation_in(team, invitation_id)
    if not found.email or not attempts.can_mail("invitation", found.email):
        return False
    with locked(team) as team:
        role_in(team, actor)
        invitation = _extended(team, invitation_id)
        _mail(invitation, actor, address)
        _record("team:invited_again", invitation, actor)
    return True


def renew(team: Team, invitation_id: UUID, *, actor: User) -> Invitation:
    """Let an invitation last longer, from now. Raises Refused for one that was used or revoked."""
    with locked(team) as team:
        role_in(team, actor)
        invitation = _extended(team, invitation_id)
        _record("team:invitation_renewed", invitation, actor)
    return invitation


def revoke(team: Team, invitation_id: UUID, *, actor: User) -> None:
    """Revoke an invitation: its link no longer works."""
    with locked(team) as team:
        role_in(team, actor)
        invitation = invitation_in(team, invitation_id)
        if Invitation.objects.filter(pk=invitation_id, revoked_at=None).update(revoked_at=clock.now()):
            _record("team:invitation_revoked", invitation, actor)


def invitation_in(team: Team, invitation_id: UUID) -> Invitation:
    """Return an invitation of a team that the caller got from `access`."""
    found = Invitation.objects.filter(team=team, pk=invitation_id).first()
    if found is None:
        raise NotFound
    return found


def unused() -> QuerySet[CountedInvitation]:
    """Return the invitations that were not revoked and have places left, expired ones included."""
    counted = Invitation.objects.filter(revoked_at=None).annotate(used=Count("uses"))
    return counted.filter(Q(email="", places=None) | Q(email="", used__lt=F("places")) | (~Q(email="") & Q(used=0)))


def open_invitations() -> QuerySet[CountedInvitation]:
    """Return the invitations that let someone in now."""
    return unused().filter(expires_at__gt=clock.now())


def _create(team: Team, actor: User, lasts: timedelta, **fields: object) -> Invitation:
    secret = {"token": new_token(), "mail_token": new_token()}
    return Invitation.objects.create(team=team, created_by=actor, expires_at=clock.now() + lasts, **secret, **fields)


def _record(verb: str, invitation: Invitation, actor: User) -> None:
    """Record what happened to an invitation by its id: addresses stay in its own row."""
    data = {"invitation": str(invitation.pk), "role": invitation.role}
    activities.record_for_team(verb, invitation.team, actor=actor, **data)


def _extended(team: Team, invitation_id: UUID) -> Invitation:
    invitation = invitation_in(team, invitation_id)
    if not unused().filter(pk=invitation_id).exists():
        raise Refused("invitation_ended", ENDED)
    invitation.expires_at = clock.now() + LIFETIMES[USUAL]
    invitation.save(update_fields=["expires_at"])
    return invitation


def _mail(invitation: Invitation, inviter: User, address: Address) -> None:
    """Write the mail; its link has the token that no page shows."""
    about = {
        "inviter": inviter,
        "team": invitation.team,
        "role": invitation.get_role_display().lower(),
        "can": CAN[Role(invitation.role)],
        "url": address(invitation.mail_token),
        "until": invitation.expires_at,
    }
    text = render_to_string("mail/invitation.txt", about)
    outbox.post(invitation.email, f"Invitation to {invitation.team}", text)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=clock.now())


def _refuse_role(role: str) -> None:
    if role not in INVITED_ROLES:
        raise Refused("role", NO_ROLE)


def _refuse_full(team: Team, count: int) -> None:
    if open_invitations().filter(team=team).count() + count > MOST_OPEN:
        raise Refused("too_many_invitations", TOO_MANY_OPEN)


def _refuse_flood(actor: User, count: int) -> None:
    mailed = Invitation.objects.filter(created_by=actor, created_at__gt=clock.now() - timedelta(days=1))
    if mailed.exclude(email="").count() + count > MOST_A_DAY:
        raise Refused("too_many_invitations", TOO_MANY_A_DAY)


def _places(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= MOST_PLACES:
        raise Refused("places", NO_PLACES)
    return int(text)
