"""The invitation that brought a stranger: with it they can sign up while sign-up is closed, and come back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "invitation"


def remember(request: HttpRequest, token: str) -> None:
    """Remember in the session the invitation that a stranger opened."""
    request.session[KEY] = token


def forget(request: HttpRequest) -> None:
    """Forget the invitation: the person joined."""
    request.session.pop(KEY, None)


def admits(request: HttpRequest) -> bool:
    """Tell whether the session has an invitation that still lets someone in."""
    token = request.session.get(KEY)
    if not token:
        return False
    now = timezone.now()
    open_ones = Invitation.objects.filter(Q(token=token) | Q(mail_token=token), revoked_at=None, expires_at__gt=now)
    found = open_ones.first()
    return found is not None and (found.most_uses is None or found.uses.count() < found.most_uses)


def address_of(request: HttpRequest) -> str:
    """Return the address of the invitation that the session has; empty without one."""
    token = request.session.get(KEY)
    return reverse("invitation", args=[token]) if token else ""


def proves(request: HttpRequest, email: str) -> bool:
    """Tell whether the visitor came by the mail that invited this very address, so that no other mail need verify it.

    The link that managers of the team can copy proves nothing: they invite any address and have that link themselves.
    """
    token = request.session.get(KEY)
    return bool(token) and Invitation.objects.filter(mail_token=token, email=email.lower()).exclude(email="").exists()
