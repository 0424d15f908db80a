"""What the doubles of providers share: a server in a thread of its own, with scripted faults."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Self

from aiohttp import WSMsgType, hdrs, web

from speechserver.api.faults import perform
from tests.support.live.provider import Fault, Hearing, fail

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = "and so my fellow americans"
# In seconds: word, start, end, confidence, voice
SAID = (
    ("and", 0.1, 0.3, 0.9, 0),
    ("so", 0.3, 0.6, 0.8, 0),
    ("my", 0.7, 0.9, 0.95, 1),
    ("fellow", 0.9, 1.3, 0.7, 1),
    ("americans", 1.3, 1.9, 0.85, 1),
)
DURATION_S = 2.0
ENTRY: web.RequestKey[dict[str, Any]] = web.RequestKey("entry", dict)


class Double:
    """`with SomeDouble() as double:` - it serves at `double.url`.

    Its script has `faults` on kinds of requests, `seconds` (None: no job is ever done), `failure` (of each job), and
    `live`: a `tests.support.live.provider.Fault` for each live session, none for those that follow.
    """

    key: ClassVar[str] = "sk_test_key"
    most_bytes: ClassVar[int] = 64 * 1024**2

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
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

    def rescript(self, script: dict[str, Any]) -> None:
        """Begin anew with this script."""
        self.script = script
        self._counts: Counter[str] = Counter()
        self._ledger: list[dict[str, Any]] = []

    def ledger(self, kind: str = "") -> list[dict[str, Any]]:
        """Every request since the script was given: `on`, `query`, `headers`, and `bytes` of what was charged for."""
        return [entry for entry in self._ledger if kind in ("", entry["on"])]

    def billed(self) -> list[dict[str, Any]]:
        """The uploads that it charges for, whether its answer arrived or not."""
        return [entry for entry in self.ledger("upload") if "bytes" in entry]

    def routes(self) -> Sequence[web.RouteDef]:
        """What it answers to."""
        raise NotImplementedError

    def kind_of(self, request: web.Request) -> str:
        """Return what a request is, in the words of the contract: upload, status, health, live."""
        raise NotImplementedError

    def next_fault(self) -> Fault:
        """Return what happens to the next live session."""
        faults = self.script.get("live", [])
        return faults.pop(0) if faults else Fault()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        application = web.Application(middlewares=[self._middleware], client_max_size=self.most_bytes)
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
        entry = {"on": kind, "query": dict(request.query), "headers": dict(request.headers)}
        self._ledger.append(entry)
        request[ENTRY] = entry
        for fault in self.script.get("faults", ()):
            if fault["on"] == kind and fault.get("nth", self._counts[kind]) == self._counts[kind]:
                return await perform(fault, request, handler)
        response: web.StreamResponse = await handler(request)
        return response


def has_key(request: web.Request, wanted: str) -> bool:
    """Whether the request carries this header."""
    return request.headers.get(hdrs.AUTHORIZATION) == wanted


class LiveTalk:
    """One live session of a double: audio is heard, what became final is told, and the faults of tests happen.

    A subclass says what its provider would.
    """

    words_a_final = 10

    def __init__(self, request: web.Request, fault: Fault) -> None:
        self._request, self._fault = request, fault
        self.socket = web.WebSocketResponse()
        self.hearing = Hearing(self.words_a_final, hears=True)

    async def hold(self) -> web.WebSocketResponse:
        """Hold it to its end."""
        await self.socket.prepare(self._request)
        await self.begin()
        async for message in self.socket:
            if message.type == WSMsgType.BINARY:
                if not await self._hear(message.data):
                    break
            elif message.type == WSMsgType.TEXT and await self.obey(message.data):
                break
        return self.socket

    async def _hear(self, audio: bytes) -> bool:
        self.hearing.hear(audio)
        if self._fault.do != "nothing" and len(self.hearing.audio) >= self._fault.after_bytes:
            return await fail(self.socket, self._request, self._fault)
        for words in self.hearing.finals():
            await self.final(words)
        await self.heard(audio)
        return True

    async def begin(self) -> None:
        """Say what comes before any audio."""

    async def heard(self, audio: bytes) -> None:
        """Say what is not final, after each message of audio."""

    async def final(self, words: list[dict[str, Any]]) -> None:
        """Say these words for the last time."""
        raise NotImplementedError

    async def obey(self, text: str) -> bool:
        """Do what the client asks; True if that was the end."""
        raise NotImplementedError
