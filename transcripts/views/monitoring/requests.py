"""The id of each request: made before anything else, sent with the answer, and shown by the page of an error."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from transcripts import request_ids, tracing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class RequestIdMiddleware(MiddlewareMixin):
    """Gives each request an id (`request_ids`), which its answer tells the browser."""

    def process_request(self, request: HttpRequest) -> None:
        """Begin the id."""
        request.META["request_id"], request.META["began_ns"] = request_ids.begin(), time.time_ns()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Tell it."""
        response[request_ids.HEADER] = request.META["request_id"]
        # The route, because a path has secrets of links in it
        route = request.resolver_match.route if request.resolver_match else "unknown"
        tracing.record(f"{request.method} {route}", request.META["began_ns"], status=response.status_code)
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something failed, with the id by which the log has it. The page needs nothing that may be broken."""
    return render(None, "500.html", {"request_id": request.META.get("request_id", "")}, status=500)
