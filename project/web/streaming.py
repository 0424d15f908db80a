"""Requests whose body is read while it arrives: all of Django, middleware included, in one thread of a pool."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

from django.core import signals
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpResponse, HttpResponseBadRequest
from django.urls import set_script_prefix

from project.web.bodies import EXTENSION, Turnstile
from project.web.precedence import Precedence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from project.web.bodies import ArrivingBody

    Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

logger = logging.getLogger(__name__)

# Parts that are received at once; more wait, and their senders with them
MOST_AT_ONCE = 48
# Opening an SQLite database takes as long as half a part; a PostgreSQL server has few connections to keep open
KEEP_DATABASE_S = 10.0


class StreamingHandler(BaseHandler):
    """Django's handler for one request in one thread, which may read the body for as long as it arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="upload")
        self._turnstile = Turnstile()
        self.precedence = Precedence()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        """Answer a request that has the extension."""
        answer = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, scope)
        # The thread ends by itself, and what arrived is counted, whether or not anyone waits for it
        status, headers, content = await asyncio.shield(answer)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: dict[str, Any]) -> Answer:
        body, take_back = scope["extensions"][EXTENSION]
        try:
            body.give_way = self.precedence.give_way
            body.take_turn(self._turnstile)
            return self._respond(scope, body)
        finally:
            body.close(take_back)

    def _respond(self, scope: dict[str, Any], body: ArrivingBody) -> Answer:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        _keep_database()
        response = self._response(scope, body)
        answer = response.status_code, _headers(response), response.content
        response.close()
        return answer

    def _response(self, scope: dict[str, Any], body: ArrivingBody) -> HttpResponse:
        try:
            request = ASGIRequest(scope, cast("Any", body))
        except UnicodeDecodeError:
            logger.warning("Bad Request (UnicodeDecodeError)", extra={"status_code": 400})
            return HttpResponseBadRequest()
        request.arriving = body  # type: ignore[attr-defined]
        response = self.get_response(request)
        assert isinstance(response, HttpResponse)
        return response


def _keep_database() -> None:
    """Let the thread's next parts have the connection too; Django closes it with the first request after that time."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.close_at = connection.close_at and max(connection.close_at, time.monotonic() + KEEP_DATABASE_S)


def _headers(response: HttpResponse) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = (cookie.output(header="").strip() for cookie in response.cookies.values())
    return headers + [(b"Set-Cookie", cookie.encode("ascii")) for cookie in cookies]
