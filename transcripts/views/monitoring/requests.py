"""The id of each request: made before anything else, sent with the answer, and shown by the page of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from transcripts import request_ids

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class RequestIdMiddleware(MiddlewareMixin):
    """Gives each request an id (`request_ids`), which its answer tells the browser."""

    def process_request(self, request: HttpRequest) -> None:
        """Begin the id."""
        request.META["request_id"] = request_ids.begin()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Tell it."""
        response[request_ids.HEADER] = request.META["request_id"]
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something failed, with the id by which the log has it. The page needs nothing that may be broken."""
    return render(None, "500.html", {"request_id": request.META.get("request_id", "")}, status=500)
