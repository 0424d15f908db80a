"""The type of a request whose user is known to be signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`, where `user` is a person."""

    user: User
    htmx: HtmxDetails
