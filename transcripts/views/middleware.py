"""What holds for every page: refusals become pages, and a new instance first asks for its administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import page_not_found

from accounts.founding import is_founded
from transcripts import access

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# What works before anybody has an account.
OPEN_BEFORE_FOUNDING = {"setup", "healthz", "favicon"}


class FoundingMiddleware(MiddlewareMixin):
    """Sends every visitor to the set-up page while nobody has an account."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Look only for strangers: whoever is signed in proves that somebody exists."""
        match = request.resolver_match
        if match is None or match.url_name in OPEN_BEFORE_FOUNDING or request.user.is_authenticated:
            return None
        return None if is_founded() else redirect("setup")


class RefusalMiddleware(MiddlewareMixin):
    """Turns what `access` refuses into the 404 and 403 pages."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for the two refusals; leave everything else alone."""
        if isinstance(error, access.NotFound):
            return page_not_found(request, Http404())
        if isinstance(error, access.NotAllowed):
            return render(request, "403.html", {"sentence": str(error)}, status=403)
        return None
