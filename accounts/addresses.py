"""The e-mail address a person signs in with, as the one row that sign-in looks up.

`User.email` is the truth. A second row, or one that still holds an earlier address, would let its reader reset the
password, so this module is the only writer beside allauth's sign-up, and no page adds an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def sync(user: User) -> None:
    """Make the person's address in the table the one they have now, and the only one.

    Call it where someone who can vouch for the address gave it: an administrator, or the first visitor. An address
    that a stranger gave at sign-up is verified by mail instead.
    """
    email = user.email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    # An unverified claim of someone else's must not keep the rightful person out.
    EmailAddress.objects.filter(email=email).exclude(user=user).delete()
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": True, "verified": True})
