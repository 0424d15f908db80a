"""A change of the address that a person signs in with.

With mail the new address is verified by a link before anything changes, and the old one is told. Until then it is only
a wish in `User.new_email`: no row of another address, which would keep that address's owner from using it. Without mail
the change is immediate, and the page asks for the password first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.db import IntegrityError, transaction

from accounts import attempts
from accounts.addresses import sync
from accounts.models import User
from accounts.outbox import post

if TYPE_CHECKING:
    from collections.abc import Callable

SALT = "accounts.address_change"
LASTS_S = 3 * 24 * 3600

VERIFY_SUBJECT = "Verify your new e-mail address"
VERIFY = """Hello {name},

you asked to sign in to Verbatim with this address. Open this link to verify it:

{link}

The link works for three days. If you didn't ask for this, ignore this mail: nothing changes.
"""
TAKEN_SUBJECT = "This address already has an account"
TAKEN = """Hello,

someone asked to use this address for their Verbatim account, but it already has an account of its own. Nothing changes.
If it was you, sign in with this address.
"""
CHANGED_SUBJECT = "Your e-mail address was changed"
CHANGED = """Hello {name},

you now sign in to Verbatim with {new} instead of this address.
If you didn't change it, tell an administrator right away.
"""


class InvalidLink(Exception):
    """A link that was used, replaced or is too old, or whose address someone else has by now."""


class AddressTaken(Exception):
    """Another account has this address."""


def request(user: User, email: str, link: Callable[[str], str]) -> bool:
    """Mail a link to a new address; return False if too many were asked for. `link` makes one of a token."""
    email = email.lower()
    if not attempts.can_mail("address_change", email) or not attempts.can_mail("address_change", f"by {user.pk}"):
        return False
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(new_email=email)
        if User.objects.filter(email=email).exists():
            # The page says the same in both cases, or it would tell who has an account
            post(email, TAKEN_SUBJECT, TAKEN)
        else:
            token = signing.dumps([user.pk, user.email, email], salt=SALT)
            post(email, VERIFY_SUBJECT, VERIFY.format(name=user, link=link(token)))
    return True


def cancel(user: User) -> None:
    """Forget a new address that waits to be verified; its link no longer works."""
    User.objects.filter(pk=user.pk).update(new_email="")


def read(token: str) -> tuple[User, str]:
    """Return whose address a link changes, and to what. Raises InvalidLink."""
    try:
        user_id, old, new = signing.loads(token, salt=SALT, max_age=LASTS_S)
    except (signing.BadSignature, ValueError, TypeError):
        raise InvalidLink from None
    user = User.objects.filter(pk=user_id, email=old, new_email=new, is_active=True).first()
    if user is None:
        raise InvalidLink
    return user, new


def verify(token: str) -> User:
    """Change the address as the link says. Raises InvalidLink."""
    user, new = read(token)
    try:
        change(user, new)
    except AddressTaken:
        raise InvalidLink from None
    return user


def change(user: User, email: str) -> None:
    """Change the address now and tell the old one. Raises AddressTaken."""
    old, user.email, user.new_email = user.email, email.lower(), ""
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "new_email"])
            sync(user)
            post(old, CHANGED_SUBJECT, CHANGED.format(name=user, new=user.email))
    except IntegrityError:
        user.email = old
        raise AddressTaken from None
