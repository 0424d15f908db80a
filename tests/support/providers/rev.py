"""A double of Rev AI's API on this machine: its addresses, parameters and error shapes, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/rev/test_double.py`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, hdrs, web

from tests.support.providers.double import ENTRY
from tests.support.providers.polled import DURATION_S, SAID, LiveTalk, Polled, has_key

if TYPE_CHECKING:
    from collections.abc import Sequence

JOBS = "/speechtotext/v1/jobs"
TRANSCRIPT = "application/vnd.rev.transcript.v1.0+json"
CREATED = "2026-11-20T10:00:00Z"
CONTENT_TYPE = "audio/x-raw;layout=interleaved;rate=16000;format=S16LE;channels=1"


class RevDouble(Polled):
    """Jobs, their transcripts and live sessions; what is charged for is `upload`."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(JOBS, self._begin),
            web.get(f"{JOBS}/{{id}}", self._status),
            web.get(f"{JOBS}/{{id}}/transcript", self._transcript),
            web.get("/speechtotext/v1/account", self._account),
            web.get("/speechtotext/v1/stream", self._live),
        ]

    def kind_of(self, request: web.Request) -> str:
        if request.path == JOBS:
            return "upload"
        if request.path.startswith(JOBS):
            return "transcript" if request.path.endswith("/transcript") else "status"
        return "live" if request.path.endswith("/stream") else "health"

    async def _begin(self, request: web.Request) -> web.Response:
        options, size = await _read_form(request)
        if not has_key(request, f"Bearer {self.key}"):
            return _problem(401, "Authorization has been denied for this request.")
        if size is None:
            return _problem(400, "The media file is missing", parameters={"media": ["is required"]})
        request[ENTRY].update(bytes=size, options=options)
        job = {"id": f"r{len(self.jobs)}", "created_on": CREATED, "status": "in_progress", "language": "en", **options}
        self.jobs[job["id"]] = job
        return web.json_response(job)

    async def _account(self, request: web.Request) -> web.Response:
        if not has_key(request, f"Bearer {self.key}"):
            return _problem(401, "Authorization has been denied for this request.")
        return web.json_response({"email": "a@example.org", "balance_seconds": 3_600})

    async def _status(self, request: web.Request) -> web.Response:
        job = self._known(request)
        if isinstance(job, web.Response):
            return job
        if failure := self.script.get("failure"):
            why = {"failure": failure["code"], "failure_detail": failure["message"]}
            return web.json_response({**job, "status": "failed", **why})
        if self.script.get("seconds", 0) is None:
            return web.json_response(job)
        return web.json_response({**job, "status": "transcribed", "duration_seconds": DURATION_S})

    async def _transcript(self, request: web.Request) -> web.Response:
        job = self._known(request)
        if isinstance(job, web.Response):
            return job
        if request.headers.get(hdrs.ACCEPT) != TRANSCRIPT:
            return _problem(406, "Not acceptable")
        body = {"monologues": monologues(tells_apart=not job.get("skip_diarization"))}
        return web.Response(text=json.dumps(body), content_type=TRANSCRIPT)

    def _known(self, request: web.Request) -> dict[str, Any] | web.Response:
        if not has_key(request, f"Bearer {self.key}"):
            return _problem(401, "Authorization has been denied for this request.")
        return self.jobs.get(request.match_info["id"]) or _problem(404, "Could not find job")

    async def _live(self, request: web.Request) -> web.StreamResponse:
        talk = RevTalk(request, self.live_fault())
        if request.query.get("access_token") != self.key:
            talk.refuses = 4001
        elif request.query.get("content_type") != CONTENT_TYPE:
            talk.refuses = 4002
        return await talk.hold()


async def _read_form(request: web.Request) -> tuple[dict[str, Any], int | None]:
    """The options and how large the media is, in whichever order they come."""
    options, size = {}, None
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "options":
            options = json.loads(await part.text())
        elif part.name == "media":
            size = 0
            while chunk := await part.read_chunk(64 * 1024):
                size += len(chunk)
    return options, size


def monologues(*, tells_apart: bool) -> list[dict[str, Any]]:
    """What is said, a monologue a voice."""
    if not tells_apart:
        return [{"speaker": 0, "elements": elements(SAID)}]
    voices = ([word for word in SAID if word[4] == voice] for voice in (0, 1))
    return [{"speaker": number, "elements": elements(words)} for number, words in enumerate(voices)]


def elements(words: Sequence[Any]) -> list[dict[str, Any]]:
    """The elements of words, with spaces between them."""
    made: list[dict[str, Any]] = []
    for text, start, end, sure, _ in words:
        made += [{"type": "punct", "value": " "}] if made else []
        made.append({"type": "text", "value": text, "ts": start, "end_ts": end, "confidence": sure})
    return made


def _problem(code: int, title: str, **more: Any) -> web.Response:
    body = {"type": "https://www.rev.ai/docs/errors", "title": title, "status": code, **more}
    return web.Response(status=code, text=json.dumps(body), content_type="application/problem+json")


class RevTalk(LiveTalk):
    """Partials without spaces, finals with them; `EOS` is answered with what is left, then the socket closes."""

    refuses = 0

    async def begin(self) -> None:
        if self.refuses:
            await self.socket.close(code=self.refuses)
            return
        await self.socket.send_json({"type": "connected", "id": "s1"})

    async def heard(self, audio: bytes) -> None:
        said = [{"type": "text", "value": word["word"]} for word in self.hearing.words]
        await self.socket.send_json({"type": "partial", "ts": 0.0, "end_ts": 1.0, "elements": said})

    async def final(self, words: list[dict[str, Any]]) -> None:
        said = elements([(word["word"], word["start"], word["end"], 1.0, 0) for word in words])
        times = {"ts": words[0]["start"], "end_ts": words[-1]["end"]}
        await self.socket.send_json({"type": "final", **times, "elements": said})

    async def obey(self, text: str) -> bool:
        if text != "EOS":
            await self.socket.close(code=4002)
            return True
        for words in self.hearing.finals(is_last=True):
            await self.final(words)
        await self.socket.close()
        return True
