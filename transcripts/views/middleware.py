"""What holds for every page: what is stored of it, what text it takes, and a new instance's first visit."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, QueryDict, UnreadablePostError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import page_not_found

from accounts.first_administrator import has_accounts
from transcripts.document.plain import storable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.request import _ImmutableQueryDict
    from django.http.response import HttpResponseBase

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
COMPRESSED_TYPES = ("text/html", "application/json")
# What works before there is an account.
OPEN_BEFORE_FOUNDING = {"setup", "healthz", "readyz", "metrics", "favicon"}


class PrivacyMiddleware(MiddlewareMixin):
    """Lets no browser or proxy store a page that was made for one person: the next one at the machine could read it."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Say so on every answer in a session, but for those that say better themselves."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages and JSON: the page of a long transcript is 600 KB, of which a tenth has to travel.

    A page has secrets beside text that others chose (BREACH): CSRF tokens are masked anew in each answer, and Django
    adds a random length.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave files and streams alone: a player asks for parts of them by their bytes."""
        is_page = not response.streaming and response.get("Content-Type", "").startswith(COMPRESSED_TYPES)
        return super().process_response(request, response) if is_page else response


class PlainTextMiddleware(MiddlewareMixin):
    """Takes out of all that a request says in text what no database stores: one NUL would be a 500 on PostgreSQL."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Clean the query and the cookies; an address with a NUL leads nowhere."""
        if request.path_info != storable(request.path_info):
            return page_not_found(request, Http404())
        request.COOKIES = {name: storable(text) for name, text in request.COOKIES.items()}
        request.GET = _cleaned(request.GET)
        return None

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Clean a form. Other bodies are read by their own views."""
        if request.method == "POST" and request.content_type in FORM_TYPES:
            with suppress(UnreadablePostError):
                request.POST = _cleaned(request.POST)


def _cleaned(asked: _ImmutableQueryDict) -> _ImmutableQueryDict:
    lists = {storable(name): [storable(text) for text in texts] for name, texts in asked.lists()}
    if lists == dict(asked.lists()):
        return asked
    return QueryDict(urlencode(lists, doseq=True))


class FoundingMiddleware(MiddlewareMixin):
    """Sends every visitor to the set-up page while there is no account."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Look only for strangers: a signed-in user proves that there is an account."""
        match = request.resolver_match
        if match is None or match.url_name in OPEN_BEFORE_FOUNDING or request.user.is_authenticated:
            return None
        return None if has_accounts() else redirect("setup")
