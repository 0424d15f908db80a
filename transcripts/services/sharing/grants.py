"""Recordings and folders shared with people and teams that have an account: granted, changed, revoked.

Colleagues are those one is in a team with; they and one's teams get a grant. Any other address gets a mail with a link
of its own, whether it has an account or not: what one is told never says who has an account here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.template.loader import render_to_string

from accounts import attempts, outbox
from accounts.models import Membership, Team, User
from transcripts import access, clock, events
from transcripts.models import Folder, Grant
from transcripts.models.choices import NotificationKind
from transcripts.services import notifications
from transcripts.services.errors import Refused
from transcripts.services.sharing import folder_links, shares, targets, terms
from transcripts.services.sharing.targets import shareable
from transcripts.services.teams.addresses import is_address, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from transcripts.models import FolderLink, Share
    from transcripts.services.sharing.targets import Target

MOST_GRANTS, MOST_AT_A_TIME = 200, 50

NO_ONE = "Enter the names of your teams or the addresses of those you want to share with."
TOO_MANY = f"Share with up to {MOST_AT_A_TIME} at a time, and with up to {MOST_GRANTS} in all."

Result = Literal["granted", "mailed", "yourself", "invalid", "limited"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted: the level and until when."""

    level: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Full addresses for mails: the page of what is shared, and that of a link."""

    page: str
    link: Callable[[Share | FolderLink], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one team or address that was entered."""

    name: str
    result: Result


def colleagues(user: User) -> QuerySet[User]:
    """Return the people who are in a team with this person, who is not among them."""
    together = Membership.objects.filter(team__memberships__user=user)
    return User.objects.filter(is_active=True, pk__in=together.values("user")).exclude(pk=user.pk)


def teams_for(target: Target, user: User) -> QuerySet[Team]:
    """Return the person's teams that something can be shared with: all but its own and personal ones."""
    return access.teams_of(user).filter(personal_owner=None).exclude(pk=target.team_id)


def share(target: Target, text: str, wish: Terms, *, actor: User, places: Places) -> list[Outcome]:
    """Share with the team or the addresses in a text; return what became of each.

    Raises Refused, and then shares nothing.
    """
    terms.grant_level(wish.level)
    team = _team_named(teams_for(target, actor), text)
    if team is not None:
        share_with_team(target, team, wish, actor=actor, places=places)
        return [Outcome(str(team), "granted")]
    wanted = listed(text)
    if not wanted:
        raise Refused("share_no_one", NO_ONE)
    if len(wanted) > MOST_AT_A_TIME:
        raise Refused("share_too_many", TOO_MANY)
    known = {one.email: one for one in colleagues(actor).filter(email__in=wanted)}
    # Mails are counted in the cache, so before the transaction
    mailable = {one for one in wanted if is_address(one) and attempts.can_mail("share", one)}
    with shareable(target, actor) as target:
        return [Outcome(one, _share(target, one, wish, known, mailable, actor, places)) for one in wanted]


def _share(
    target: Target,
    email: str,
    wish: Terms,
    known: dict[str, User],
    mailable: set[str],
    actor: User,
    places: Places,
) -> Result:
    if email == actor.email:
        return "yourself"
    if email in known:
        _grant(target, wish, actor, user=known[email])
        _notify(target, [known[email]], mailable, wish, actor, places)
        return "granted"
    if not is_address(email):
        return "invalid"
    if email not in mailable:
        return "limited"
    options = shares.Options(label=email, level=wish.level, expires_at=wish.expires_at, allows_text=True)
    _mail(target, email, wish, actor, places.link(_link_to(target, options, actor)))
    return "mailed"


def _link_to(target: Target, options: shares.Options, actor: User) -> Share | FolderLink:
    if isinstance(target, Folder):
        return folder_links.create_in(target, options, actor=actor)
    return shares.create_in(target, options, actor=actor)


def share_with_team(target: Target, team: Team, wish: Terms, *, actor: User, places: Places) -> Grant:
    """Share with all members of a team, now and later; tell those of now by mail."""
    members = User.objects.filter(memberships__team=team, is_active=True).exclude(pk=actor.pk)
    mailable = {one for one in members.values_list("email", flat=True) if attempts.can_mail("share", one)}
    with shareable(target, actor) as target:
        grant = _grant(target, wish, actor, team=team)
        _notify(target, members, mailable, wish, actor, places)
    return grant


def change(target: Target, grant_id: int, wish: Terms, *, actor: User) -> Grant:
    """Give a grant another level or end."""
    level = terms.grant_level(wish.level)
    with shareable(target, actor) as target:
        grant = access.grant_in(target, grant_id)
        grant.level, grant.expires_at = level, wish.expires_at
        grant.save(update_fields=["level", "expires_at"])
        _record("share:grant_changed", grant, actor)
        _tell(grant)
    return grant


def revoke(target: Target, grant_id: int, *, actor: User) -> None:
    """End a grant: pages that it opened are closed within seconds."""
    with shareable(target, actor) as target:
        grant = access.grant_in(target, grant_id)
        if Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=clock.now()):
            _record("share:grant_revoked", grant, actor)
            _tell(grant)


def _grant(target: Target, wish: Terms, actor: User, **to: User | Team) -> Grant:
    """Create a grant, or give the one there is other terms: each person and each team has one at most."""
    held = Grant.objects.of(target).filter(revoked_at=None)
    grant = held.filter(**to).first()
    if grant is None and held.count() >= MOST_GRANTS:
        raise Refused("share_too_many", TOO_MANY)
    of = {"folder": target} if isinstance(target, Folder) else {"recording": target}
    grant = grant or Grant(created_by=actor, **of, **to)
    grant.level, grant.expires_at = wish.level, wish.expires_at
    grant.save()
    _record("share:granted", grant, actor)
    _tell(grant)
    return grant


def _record(verb: str, grant: Grant, actor: User) -> None:
    """Record what happened to a grant by its id: who has it is in its own row."""
    targets.record(verb, grant.target, actor=actor, grant=grant.pk, level=grant.level)


def _tell(grant: Grant) -> None:
    """Tell the libraries of those who gained or lost it, and the pages of the team that owns it."""
    team_id = grant.team_id or Team.objects.filter(personal_owner=grant.user_id).values_list("pk", flat=True).first()
    if team_id is not None:
        events.publish_to_team("library.changed", team_id, grant.recording_id)
    targets.tell(grant.target)


def _notify(
    target: Target, people: Iterable[User], mailable: set[str], wish: Terms, actor: User, places: Places
) -> None:
    """Tell people as they want to be told; the mail says more than that of other notifications."""
    notifications.notify(NotificationKind.SHARED, people, target, actor, is_mailed=False)
    for user in people:
        if user.email in mailable and notifications.wishes_of(user)[NotificationKind.SHARED].mail == "now":
            _mail(target, user.email, wish, actor, places.page)


def _mail(target: Target, email: str, wish: Terms, sharer: User, url: str) -> None:
    about = {
        "sharer": sharer,
        "target": target,
        "is_folder": isinstance(target, Folder),
        "can": terms.CAN[wish.level],
        "url": url,
        "until": wish.expires_at,
    }
    text = render_to_string("mail/shared.txt", about)
    outbox.post(email, f"{sharer} shared “{target.title}” with you", text)


def _team_named(teams: QuerySet[Team], text: str) -> Team | None:
    """Return the team that a text names: by its short name, or by its name if no other team has that."""
    name = text.strip()
    if not name:
        return None
    found = [one for one in teams if name == one.slug] or [one for one in teams if name == one.name]
    if len(found) > 1:
        slugs = ", ".join(one.slug for one in found)
        raise Refused("share_ambiguous", f"Several of your teams have this name. Enter one of: {slugs}.")
    return found[0] if found else None
