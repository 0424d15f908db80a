"""Important changes ask who is at the keyboard, unless that was answered a few minutes ago."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from transcripts.views.requests import SignedInRequest

Answer = TypeVar("Answer", bound="HttpResponseBase")


def recent_sign_in_required(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Lead to a page that asks for the password, a code or a passkey, and from there back to this view."""

    @wraps(view)
    def asked(request: SignedInRequest, *args: Any, **kwargs: Any) -> Answer:
        if is_reauthentication_required(request, app="account"):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asked
