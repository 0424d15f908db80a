"""Deletion of an account by its person, in two steps: closed now, erased after 30 days.

A closed account signs no one in, and its sessions and sockets end. Until it is erased an administrator can restore it
by making it active again. What it shared stays with the teams: memberships end, and corrections and comments keep their
author, who is called "Former member" once the account is erased.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Membership, Preferences, Role, Team, User
from accounts.outbox import post
from accounts.self_service import sessions

if TYPE_CHECKING:
    from django.db.models import QuerySet

RESTORABLE = timedelta(days=30)
FORMER = "Former member"

SUBJECT = "Your account was deleted"
TEXT = """Hello {name},

your Verbatim account was deleted. Until {day} an administrator can restore it; then it and the recordings that only you
had are erased. If you didn't delete it, tell an administrator right away.
"""


class LastOwner(Exception):
    """These teams have other members and no other owner."""

    def __init__(self, teams: list[Team]) -> None:
        super().__init__()
        self.teams = teams


class LastAdministrator(Exception):
    """No one else could look after the instance."""


def teams_to_hand_over(user: User) -> list[Team]:
    """Return the teams that would be left with members and without an owner."""
    owners = Count("memberships", filter=Q(memberships__role=Role.OWNER, memberships__user__is_active=True))
    counted = Team.objects.annotate(owners=owners, people=Count("memberships"))
    mine = Membership.objects.filter(user=user, role=Role.OWNER).values("team")
    return list(counted.filter(pk__in=mine, owners=1, people__gt=1).order_by("name"))


def teams_of_one(user: User) -> QuerySet[Team]:
    """Return the teams that no one else is in, the personal one among them: they end with the account."""
    counted = Team.objects.annotate(people=Count("memberships"))
    return counted.filter(pk__in=Membership.objects.filter(user=user).values("team"), people=1)


def is_last_administrator(user: User) -> bool:
    """Tell whether no one else could look after the instance."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def close(user: User) -> None:
    """Close an account. Raises LastOwner or LastAdministrator, and then changes nothing."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        _require_successors(user)
        Membership.objects.filter(user=user).exclude(team__in=list(teams_of_one(user))).delete()
        erase_at = timezone.now() + RESTORABLE
        User.objects.filter(pk=user.pk).update(is_active=False, erase_at=erase_at, new_email="")
        sessions.end_others(user, current_key=None)
        post(user.email, SUBJECT, TEXT.format(name=user, day=f"{erase_at:%-d %B %Y}"))


def to_erase() -> list[User]:
    """Return the closed accounts whose time is over."""
    return list(User.objects.filter(is_active=False, erase_at__lt=timezone.now()))


@transaction.atomic
def anonymise(user: User) -> None:
    """Remove all that identifies a person. The row stays: it is the author of what they changed."""
    for model in (EmailAddress, Authenticator, SocialAccount, Preferences, Membership):
        model.objects.filter(user=user).delete()
    user.email, user.name, user.time_zone, user.erase_at = f"erased-{user.pk}@invalid", FORMER, "", None
    user.is_staff = user.is_superuser = user.is_founder = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def _require_successors(user: User) -> None:
    # Owners of these teams are locked, so that two can't leave at the same time.
    list(Membership.objects.select_for_update().filter(team__in=Membership.objects.filter(user=user).values("team")))
    if teams := teams_to_hand_over(user):
        raise LastOwner(teams)
    if is_last_administrator(user):
        raise LastAdministrator
