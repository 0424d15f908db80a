"""Requests: the type of one whose user is known to be signed in, and the body of one that holds JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.http.request import RawPostDataException

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`, where `user` is a person."""

    user: User
    htmx: HtmxDetails


def body_of(request: HttpRequest) -> bytes:
    """Return the body of a request that holds JSON; empty if it was read as a form."""
    try:
        return request.body
    except RawPostDataException:
        return b""
