"""A double of Reverie's API for short recordings: its address, headers and error shape, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/reverie/test_double.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.support.providers.double import ENTRY, Double
from tests.support.pulse import TEXT
from transcripts.providers.registry import REVERIE_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_ID, SECRET = "com.example.court", "0f1e2d3c"
MANDATORY = ("src_lang", "domain", "format")


class ReverieDouble(Double):
    """Reverie, with the faults that a `Double` plays. The ledger has the `filename` and `part` of an upload."""

    key, max_bytes = f"{APP_ID}:{SECRET}", 64 * 1024**2

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [web.post("/", self._upload)]

    def kind_of(self, request: web.Request) -> str:
        """Return what a request is: its one address takes uploads and nothing else."""
        return "upload" if request.method == "POST" else "health"

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        if objection := _objection(request.headers):
            return objection
        file = form.get("audio_file")
        if not isinstance(file, web.FileField):
            return _error(400, "audio_file is missing")
        with file.file:
            request[ENTRY].update(filename=file.filename, part=file.content_type, bytes=len(file.file.read()))
        told = {"text": TEXT, "display_text": TEXT, "confidence": 0.93, "cause": "EOF received"}
        return web.json_response({"id": "5f2a", "success": True, "final": True, **told})


def _objection(headers: Mapping[str, str]) -> web.Response | None:
    if headers.get("REV-APPNAME") != "stt_file":
        return _error(400, "REV-APPNAME is not known")
    if (headers.get("REV-APP-ID"), headers.get("REV-API-KEY")) != (APP_ID, SECRET):
        return _error(403, "The API key or the application is not valid")
    if missing := [name for name in MANDATORY if not headers.get(name)]:
        return _error(400, f"{missing[0]} is missing")
    return None if headers["src_lang"] in REVERIE_LANGUAGES else _error(400, "src_lang is not supported")


def _error(code: int, message: str) -> web.Response:
    return web.json_response({"message": message, "status": code}, status=code)
