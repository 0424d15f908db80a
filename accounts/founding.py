"""The first administrator."""

from __future__ import annotations

from django.db import IntegrityError, transaction

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


def first_administrator() -> User | None:
    """Return the person in whose name the terminal works."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("-is_founder", "date_joined", "pk").first()
