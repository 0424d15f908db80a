"""The e-mail address that a person signs in with, as the one row that sign-in looks up.

`User.email` is the truth. A second row, or one that still holds an earlier address, would let its reader reset the
password, so this module is the only writer besides allauth's sign-up, and no page adds an address.
"""

from __future__ import annotations

from typing import Protocol

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction


class Addressee(Protocol):
    """A stored account with an e-mail address."""

    pk: int
    email: str


@transaction.atomic
def sync(user: Addressee) -> None:
    """Make the account's current address its only row in the table, verified.

    Call it if someone who can vouch for the address gave it: an administrator, or the first visitor. An address that a
    stranger gave at sign-up is verified by mail instead.
    """
    email = user.email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    # An unverified claim by another account must not lock out the owner.
    EmailAddress.objects.filter(email=email).exclude(user=user).delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True, "verified": True})


def is_proven(user: Addressee) -> bool:
    """Tell whether a person showed that they read the mailbox of their address; without mail no one can."""
    if not settings.HAS_MAIL:
        return True
    return bool(EmailAddress.objects.filter(user=user, email=user.email.lower(), verified=True).exists())
