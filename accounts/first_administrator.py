"""The first administrator of a new instance.

If others can reach the instance, its first visitor must have a token that only those who can read its log can see.
"""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User


def has_accounts() -> bool:
    """Return whether anyone has an account yet."""
    return User.objects.exists()


def create_first_administrator(*, email: str, password: str, name: str = "") -> User | None:
    """Create the first administrator; return None if anyone has an account already.

    The unique constraint `one_founder` decides between concurrent attempts.
    """
    if has_accounts():
        return None
    try:
        with transaction.atomic():
            return User.objects.create_superuser(email, password, name=name, is_founder=True)
    except IntegrityError:
        return None


def needs_token() -> bool:
    """Return whether the first visitor could come from another machine."""
    return not settings.IS_LOCAL


def setup_token() -> str:
    """Return the set-up token: the same in every process, invalid once anyone has an account."""
    return salted_hmac("accounts.first_administrator", "setup").hexdigest()


def is_valid_token(token: str) -> bool:
    """Return whether a visitor with this token can create the first account."""
    return not needs_token() or constant_time_compare(token, setup_token())


def first_administrator() -> User | None:
    """Return the account that commands in the terminal act as."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("-is_founder", "date_joined", "pk").first()
