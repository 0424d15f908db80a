"""Drills: for a while the server misbehaves as it is asked to, so that people see how its clients cope.

`POST /drill` with `{"kind": "outage", "seconds": 300, "by": "Olena"}` begins one, `GET /drill` says whether one runs,
and `DELETE /drill` ends it. There is no such address unless the server was started with `--drills`, and the key is
asked for as everywhere. A drill is in memory alone and has a deadline by the monotonic clock: it ends automatically,
whatever became of who began it, and with the process.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from speechserver.api.errors import problem
from speechserver.api.faults import REQUESTS, perform
from speechserver.api.limits import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from speechserver.api.application import SpeechServer
    from speechserver.api.faults import Handler
    from speechserver.api.stream import LiveSessions

log = logging.getLogger("speechserver")

KINDS = ("too_many", "outage", "slow", "dropped")
MOST_SECONDS = 15 * 60
LONGEST_NAME = 120
LATE_S = 5.0
# A client that asks so much later finds out soon after the drill that it is over
MOST_RETRY_AFTER_S = 15.0
# Long enough that words come in between
CUT_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill: what happens, until when by the monotonic clock, for how long in all, and who began it."""

    kind: str
    ends: float
    seconds: int
    by: str


class Drills:
    """At most one drill at a time, the middleware that performs it and the addresses that control it."""

    def __init__(self, live: LiveSessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._live, self._clock = live, clock
        self._drill: Drill | None = None
        self._cutting: asyncio.Task[None] | None = None

    @property
    def running(self) -> Drill | None:
        """The drill, unless its time is over."""
        return self._drill if self._drill and self._left_s(self._drill) > 0 else None

    def add_routes(self, application: web.Application, server: SpeechServer) -> None:
        """Add the addresses of drills, for those who have the server's key."""

        def guarded(answer: Handler) -> Handler:
            async def handle(request: web.Request) -> web.StreamResponse:
                server.owner(request)
                return await answer(request)

            return handle

        application.router.add_get("/drill", guarded(self._show))
        application.router.add_post("/drill", guarded(self._begin))
        application.router.add_delete("/drill", guarded(self._end))
        application.on_cleanup.append(self._stop)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer as the drill says, if one runs that is about requests of this kind."""
        drill, kind = self.running, REQUESTS.get(request.path, "")
        if drill is None or not kind:
            return await handler(request)
        return await perform(self._fault(drill), request, handler)

    def _fault(self, drill: Drill) -> dict[str, Any]:
        match drill.kind:
            case "too_many":
                wait = retry_after(min(MOST_RETRY_AFTER_S, self._left_s(drill)))
                return _answer(429, "rate_limited", "A drill: too many requests", {"Retry-After": wait})
            case "outage":
                return _answer(503, "unavailable", "A drill: the engine is out of service", {})
            case "slow":
                return {"do": "late", "seconds": min(LATE_S, self._left_s(drill))}
        return {"do": "nothing"}  # live connections are cut, all else is answered

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"drill": self._described()})

    async def _begin(self, request: web.Request) -> web.Response:
        kind, seconds, by = await _read(request)
        if self.running:
            raise problem(409, "drill_running", "A drill is running already; end it first")
        drill = self._drill = Drill(kind, self._clock() + seconds, seconds, by)
        log.warning("A drill begins: %s for %d s.", kind, seconds)
        await self._stop()
        if kind in ("outage", "dropped"):
            self._cutting = asyncio.create_task(self._cut_until_over(drill))
        return web.json_response({"drill": self._described()})

    async def _end(self, _: web.Request) -> web.Response:
        if self.running:
            log.warning("The drill was ended.")
        self._drill = None
        await self._stop()
        return web.json_response({"drill": None})

    async def _cut_until_over(self, drill: Drill) -> None:
        while self.running is drill:
            self._live.cut()
            await asyncio.sleep(min(CUT_EVERY_S, self._left_s(drill)))

    async def _stop(self, _: object = None) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
            with suppress(asyncio.CancelledError):
                await self._cutting
            self._cutting = None

    def _described(self) -> dict[str, Any] | None:
        drill = self.running
        if drill is None:
            return None
        left = math.ceil(self._left_s(drill))
        return {"kind": drill.kind, "seconds": drill.seconds, "seconds_left": left, "by": drill.by}

    def _left_s(self, drill: Drill) -> float:
        return max(0.0, drill.ends - self._clock())


async def _read(request: web.Request) -> tuple[str, int, str]:
    """Read which drill is asked for. Raises the 400 that says what is wrong with it."""
    try:
        asked = await request.json()
        kind, seconds, by = asked["kind"], int(asked["seconds"]), str(asked.get("by", ""))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise problem(400, "bad_drill", "Send JSON with a kind and seconds") from None
    if kind not in KINDS:
        raise problem(400, "bad_drill", f"There is no such kind of drill; choose one of: {', '.join(KINDS)}")
    if not 0 < seconds <= MOST_SECONDS:
        raise problem(400, "bad_drill", f"A drill takes between 1 and {MOST_SECONDS} seconds")
    return kind, seconds, by[:LONGEST_NAME]


def _answer(code: int, word: str, message: str, headers: dict[str, str]) -> dict[str, Any]:
    body = {"status": "error", "message": message, "error": {"code": word}}
    return {"do": "answer", "code": code, "headers": headers, "body": body}
