"""A scripted recogniser with scripted faults, for tests of clients; never used without `--script FILE`.

The file is JSON, every field optional:

    {"seconds": 0.2,               how long a job takes; null: until POST /script/release
     "answer": {...},              the completed answer; a string is its transcription
     "failure": {"code", "message"}  every job fails with this instead
     "engine": "scripted", "draft": false, "languages": null,   what /health tells
     "faults": [{...}, ...]}       the first that fits a request is done to it

A fault fits where `on` (`upload`, `status`, `stream` or `health`) names the request and `nth` (from 1; without it every
one) is its number since the script was given; what it may do stands in `speechserver.faults`.
Limits stay in force unless `--limits none`. `PUT /script` takes a new script and begins a new ledger.
`GET /script/ledger` lists every upload, status, stream and health request since the script was given, also across a
restart: `on`, `nth`, `arrived_at` and `answered_at` (server clock, seconds), `key` (its last four characters),
`code` (0: no whole answer was given), `processing_id`, and for an upload taken `filename`, `bytes`, `sha256` and
`options`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from speechserver.app import PROCESSING_ID, RECEIVED
from speechserver.faults import TICK_S, perform
from speechserver.runner import Description, JobFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from speechserver.app import Handler
    from speechserver.jobs import Job

KINDS = {
    "/v1/upload": "upload",
    "/v1/status": "status",
    "/v1/stream": "stream",
    "/health": "health",
    "/v1/health": "health",
}
ANSWER = {
    "transcription": "and so my fellow americans",
    "language": "en",
    "duration": 2.0,
    "engine": "scripted",
    "segments": [
        {
            "speaker": None,
            "start": 0.1,
            "end": 1.9,
            "text": "and so my fellow americans",
            "words": [
                {"word": "and", "start": 0.1, "end": 0.3, "confidence": 0.9},
                {"word": "so", "start": 0.3, "end": 0.6, "confidence": 0.8},
                {"word": "my", "start": 0.7, "end": 0.9, "confidence": 0.95},
                {"word": "fellow", "start": 0.9, "end": 1.3, "confidence": 0.7},
                {"word": "americans", "start": 1.3, "end": 1.9, "confidence": 0.85},
            ],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Script:
    """What shall happen; the fields are explained above."""

    seconds: float | None = 0.0
    answer: dict[str, Any] = field(default_factory=lambda: ANSWER)
    failure: dict[str, str] | None = None
    engine: str = "scripted"
    draft: bool = False
    languages: tuple[str, ...] | None = None
    faults: tuple[dict[str, Any], ...] = ()

    @classmethod
    def read(cls, data: dict[str, Any]) -> Script:
        """Check the outside of a script. Raises ValueError for a field that has no meaning."""
        unknown = set(data) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        fields = dict(data)
        if isinstance(fields.get("answer"), str):
            fields["answer"] = {"transcription": fields["answer"]}
        for name in ("languages", "faults"):
            if fields.get(name) is not None:
                fields[name] = tuple(fields[name])
        return cls(**fields)


class Ledger:
    """Every request as a line of a file, so that a restart forgets nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counts = Counter(entry["on"] for entry in self.entries())

    def number(self, kind: str) -> int:
        """The number of a request of this kind that arrives now, from 1."""
        self._counts[kind] += 1
        return self._counts[kind]

    def entries(self) -> list[dict[str, Any]]:
        """What is known of each request by now, in the order of their arrival."""
        if not self._path.exists():
            return []
        lines = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        latest = {(line["on"], line["nth"]): line for line in lines}
        return sorted(latest.values(), key=lambda line: float(line["arrived_at"]))

    def clear(self) -> None:
        """Begin a new one."""
        self._path.unlink(missing_ok=True)
        self._counts.clear()

    def add(self, entry: dict[str, Any]) -> None:
        """Keep a line; a later one for the same request replaces it."""
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")


class ScriptRoom:
    """The recogniser of a script, and the middleware that does its faults and keeps the ledger."""

    parallel = 64

    def __init__(self, script: Script, ledger: Path) -> None:
        self._script = script
        self._ledger = Ledger(ledger)
        self._released = asyncio.Event()

    @property
    def description(self) -> Description:
        """What /health tells."""
        return Description(self._script.engine, self._script.draft, self._script.languages)

    async def recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        """Take as long as the script says, then say what it says."""
        script = self._script
        if script.seconds is None:
            await self._released.wait()
        else:
            await self._pass(script.seconds, report)
        if script.failure:
            raise JobFailed(script.failure["code"], script.failure["message"])
        return script.answer

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def _pass(self, seconds: float, report: Callable[[float], None]) -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            report(1 - left / seconds)
            await asyncio.sleep(min(left, TICK_S))

    def add_routes(self, application: web.Application) -> None:
        """The script's own addresses."""
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
        """Do the fault that fits, else what was asked; write it down either way."""
        kind = KINDS.get(request.path, "")
        if not kind:
            return await handler(request)
        number, arrived_at = self._ledger.number(kind), time.time()

        def write_down(code: int) -> None:
            self._ledger.add(_entry(request, kind, number, arrived_at, code))

        async def handle(request: web.Request) -> web.StreamResponse:
            response = await handler(request)
            write_down(0)  # taken now, whatever becomes of the answer
            return response

        try:
            response = await perform(self._fault(kind, number), request, handle)
        except web.HTTPException as error:
            write_down(error.status)
            raise
        write_down(0 if _is_closing(request) else response.status)
        return response

    def _fault(self, kind: str, number: int) -> dict[str, Any]:
        for fault in self._script.faults:
            if fault["on"] == kind and fault.get("nth", number) == number:
                return fault
        return {"do": "nothing"}


def _is_closing(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _entry(request: web.Request, kind: str, number: int, arrived_at: float, code: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "on": kind,
        "nth": number,
        "arrived_at": arrived_at,
        "answered_at": time.time(),
        "key": request.headers.get(hdrs.AUTHORIZATION, "")[-4:],
        "code": code,
        "processing_id": request.get(PROCESSING_ID, ""),
    }
    received = request.get(RECEIVED)
    if received is not None:
        entry |= {"filename": received.filename, "bytes": received.size, "sha256": received.sha256}
        entry["options"] = {name: ", ".join(values) for name, values in received.options.items()}
    return entry
