"""What holds for each request of a signed-in person: their session was seen, and times are in their zone."""

from __future__ import annotations

import zoneinfo
from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from accounts.self_service import sessions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SessionActivityMiddleware(MiddlewareMixin):
    """Notes when a session was last used, at most every few minutes: each note is a write."""

    def process_request(self, request: HttpRequest) -> None:
        """Note it before the page is made, which may be the list of sessions."""
        if request.user.is_authenticated:
            sessions.note(request)


class TimeZoneMiddleware(MiddlewareMixin):
    """Writes times in the zone that the person chose, else in that of the instance (TIME_ZONE)."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the zone; one that no longer exists is ignored."""
        name = request.user.time_zone if request.user.is_authenticated else ""
        timezone.deactivate()
        with suppress(zoneinfo.ZoneInfoNotFoundError, ValueError):
            if name:
                timezone.activate(zoneinfo.ZoneInfo(name))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Leave nothing to the next request of this thread."""
        timezone.deactivate()
        return response
