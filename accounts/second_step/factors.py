"""Who has a second factor. Recovery codes are none: they replace one that was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

if TYPE_CHECKING:
    from accounts.models import User

FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)


def has_factor(user: User) -> bool:
    """Tell whether a person signs in with a second step."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def exists_of(user: User) -> Exists:
    """Return the condition that this person has a factor."""
    return Exists(Authenticator.objects.filter(user=user, type__in=FACTORS))


def exists_for(user_field: str) -> Exists:
    """Return the condition that the person in this field of a query has a factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user_field), type__in=FACTORS))
