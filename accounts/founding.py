"""The first administrator.

Where others can reach a new instance, its first visitor must know a token that only those see who can read its log.
"""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User


def is_founded() -> bool:
    """Tell whether anybody has an account yet."""
    return User.objects.exists()


def found(*, email: str, password: str, name: str = "") -> User | None:
    """Make the first administrator; None where somebody already exists.

    The one-founder constraint decides between two who try at the same moment.
    """
    if is_founded():
        return None
    try:
        with transaction.atomic():
            return User.objects.create_superuser(email, password, name=name, is_founder=True)
    except IntegrityError:
        return None


def needs_token() -> bool:
    """Tell whether someone else than the person at this machine could be the first visitor."""
    return not settings.IS_LOCAL


def setup_token() -> str:
    """Return the token of the first visit: the same in every process, worth nothing once someone has an account."""
    return salted_hmac("accounts.founding", "setup").hexdigest()


def is_welcome(token: str) -> bool:
    """Tell whether a visitor with this token can create the first account."""
    return not needs_token() or constant_time_compare(token, setup_token())


def first_administrator() -> User | None:
    """Return the person in whose name the terminal works."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("-is_founder", "date_joined", "pk").first()
