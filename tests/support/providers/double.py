"""What the doubles of providers share: a server in a thread of its own, its script of faults and its ledger."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Self

from aiohttp import hdrs, web

from speechserver.api.faults import perform
from tests.support.live.provider import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import MultiMapping

ENTRY: web.RequestKey[dict[str, Any]] = web.RequestKey("entry", dict)


class Double:
    """`with PulseDouble() as pulse:` - it serves at `pulse.url`.

    Its script has `faults`, as `speechserver.api.faults` names them, on `upload`, `live` or `health`, and `live`:
    a `tests.support.live.provider.Fault` for each live session, none for those that follow. `kinds` says which path is
    which of these; all others are `health`.
    """

    key = "key"
    max_bytes: int
    kinds: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.rescript({})

    def __enter__(self) -> Self:
        self._listens = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),))
        self._thread.start()
        self._listens.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        raise NotImplementedError

    def kind_of(self, request: web.Request) -> str:
        """Return what a request is, in the words of the contract: upload, status, health, live."""
        is_socket = "websocket" in request.headers.get(hdrs.UPGRADE, "").lower()
        return "live" if is_socket else self.kinds.get(request.path, "health")

    def rescript(self, script: dict[str, Any]) -> None:
        """Begin anew with this script."""
        self.script = script
        self._counts: Counter[str] = Counter()
        self._ledger: list[dict[str, Any]] = []

    def ledger(self, kind: str = "") -> list[dict[str, Any]]:
        """Every request since the script was given: what it is, and `bytes` of an upload that was taken."""
        return [entry for entry in self._ledger if kind in ("", entry["on"])]

    def billed(self) -> list[dict[str, Any]]:
        """The uploads that it took, whether its answer arrived or not."""
        return [entry for entry in self.ledger("upload") if "bytes" in entry]

    def live_fault(self) -> Fault:
        """What happens to the live session that begins now."""
        faults = self.script.get("live", [])
        fault: Fault = faults.pop(0) if faults else Fault()
        return fault

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        application = web.Application(middlewares=[self._middleware], client_max_size=self.max_bytes)
        application.add_routes(self.routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._port = runner.addresses[0][1]
        self._listens.set()
        await self._stop.wait()
        await runner.cleanup()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        kind = self.kind_of(request)
        self._counts[kind] += 1
        path, query = request.path, values(request.query)
        entry = {"on": kind, "path": path, "query": query, "headers": dict(request.headers)}
        entry["type"] = request.headers.get(hdrs.CONTENT_TYPE, "")
        self._ledger.append(entry)
        request[ENTRY] = entry
        for fault in self.script.get("faults", ()):
            if fault["on"] == kind and fault.get("nth", self._counts[kind]) == self._counts[kind]:
                return await perform(fault, request, handler)
        response: web.StreamResponse = await handler(request)
        return response


def values(listed: MultiMapping[str]) -> dict[str, Any]:
    """The values by their names, a list where one has several."""
    named = {name: listed.getall(name) for name in dict.fromkeys(listed)}
    return {name: found[0] if len(found) == 1 else found for name, found in named.items()}
