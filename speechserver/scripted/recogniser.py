"""The scripted recogniser: it answers as its script says, injects faults and keeps a ledger."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from speechserver.api.faults import REQUESTS, TICK_S, perform
from speechserver.jobs.recogniser import Description, JobFailed
from speechserver.scripted.ledger import Ledger, entry_of
from speechserver.scripted.script import Script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from speechserver.api.faults import Handler
    from speechserver.jobs.store import Job


# How long a word takes
WORD_S = 0.1


class ScriptedRecogniser:
    """The recogniser of a script, and the middleware that injects its faults and writes the ledger."""

    parallel = 64

    def __init__(self, script: Script, ledger: Path) -> None:
        self._script = script
        self._ledger = Ledger(ledger)
        self._released = asyncio.Event()

    @property
    def description(self) -> Description:
        """What /health says."""
        return Description(self._script.engine, self._script.draft, self._script.languages, self._script.aligns)

    async def transcribe(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        """Take as long as the script says, then return its answer."""
        script = self._script
        words = job.options.words
        seconds, failure = script.seconds, script.failure
        if words:
            seconds, failure = script.aligning_seconds, script.aligning_failure
        if seconds is None:
            await self._released.wait()
        else:
            await self._wait(seconds, report)
        if failure:
            raise JobFailed(failure["code"], failure["message"])
        return {"times": script.times or [(at, at + WORD_S) for _, at in words]} if words else script.answer

    async def close(self) -> None:
        """Do nothing: it holds no processes."""

    async def _wait(self, seconds: float, report: Callable[[float], None]) -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            report(1 - left / seconds)
            await asyncio.sleep(min(left, TICK_S))

    def add_routes(self, application: web.Application) -> None:
        """Add the routes that control the script."""
        application.router.add_put("/script", self._replace)
        application.router.add_post("/script/release", self._release)
        application.router.add_get("/script/ledger", self._show_ledger)

    async def _replace(self, request: web.Request) -> web.Response:
        self._script = Script.read(await request.json())
        self._released = asyncio.Event()
        self._ledger.clear()
        return web.json_response({"status": "ok"})

    async def _release(self, _: web.Request) -> web.Response:
        self._released.set()
        return web.json_response({"status": "ok"})

    async def _show_ledger(self, _: web.Request) -> web.Response:
        return web.json_response(self._ledger.entries())

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Inject the matching fault, if any, and record the request either way."""
        kind = REQUESTS.get(request.path, "")
        if not kind:
            return await handler(request)
        number, arrived_at = self._ledger.number(kind), time.time()

        def record(code: int) -> None:
            self._ledger.add(entry_of(request, kind, number, arrived_at, code))

        async def handle(request: web.Request) -> web.StreamResponse:
            response = await handler(request)
            record(0)  # accepted, whatever happens to the answer
            return response

        try:
            response = await perform(self._fault(kind, number), request, handle)
        except web.HTTPException as error:
            record(error.status)
            raise
        record(0 if _is_closing(request) else response.status)
        return response

    def _fault(self, kind: str, number: int) -> dict[str, Any]:
        for fault in self._script.faults:
            if fault["on"] == kind and fault.get("nth", number) == number:
                return fault
        return {"do": "nothing"}


def _is_closing(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
