"""Who operates: staff who can see jobs look, those who can change them act. Accounts and mail are for superusers."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.shortcuts import redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.models import User


class OperatorRequest(HttpRequest):
    """A request behind `operators_only`."""

    user: User


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let operators in; lead strangers to the sign-in, and other staff to the tables that they can see."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not request.user.has_perm("transcripts.view_processingjob"):
            return redirect("admin_tables")
        return view(request, *args, **named)

    return admin.site.admin_view(guarded)


def choosers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only those in who choose providers."""

    @wraps(view)
    def guarded(request: OperatorRequest, *args: Any, **named: Any) -> HttpResponse:
        if not request.user.is_superuser:
            raise Http404
        return view(request, *args, **named)

    return operators_only(guarded)
