"""A double of ElevenLabs' API: its addresses, fields and error shapes, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/elevenlabs/test_double.py`).
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.support.live.provider import Fault, Hearing, fail, text_of
from tests.support.providers.double import ENTRY, Double, values
from tests.support.pulse import TEXT, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY = "xi_test_key"
MODELS = ("scribe_v1", "scribe_v2")


class ElevenLabsDouble(Double):
    """ElevenLabs, with the faults that a `Double` plays. The ledger has the `form` of an upload, but for its file."""

    key, max_bytes = KEY, 3 * 1000**3
    kinds = {"/v1/speech-to-text": "upload"}

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [
            web.post("/v1/speech-to-text", self._upload),
            web.get("/v1/speech-to-text/realtime", self._live),
            web.get("/v1/user", self._user),
        ]

    async def _user(self, request: web.Request) -> web.Response:
        return _unauthorised(request) or web.json_response({"user_id": "u"})

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            return _error(400, "invalid_request", "Provide a file.")
        with file.file:
            size = len(file.file.read())
        told = values(form)  # type: ignore[arg-type]  # it says of itself only that it is a mapping
        told.pop("file")
        request[ENTRY]["form"] = told
        if objection := _unauthorised(request) or _objection(told):
            return objection
        request[ENTRY]["bytes"] = size
        return web.json_response(_transcription(told))

    async def _live(self, request: web.Request) -> web.StreamResponse:
        return await serve_live(request, self.live_fault(), is_known=_unauthorised(request) is None)


def _unauthorised(request: web.Request) -> web.Response | None:
    return None if request.headers.get("xi-api-key") == KEY else _error(401, "invalid_api_key", "Invalid API key")


def _objection(form: Mapping[str, Any]) -> web.Response | None:
    if form.get("model_id") not in MODELS:
        return _error(400, "invalid_model", "This model does not exist.")
    return None


def _error(code: int, status: str, message: str) -> web.Response:
    return web.json_response({"detail": {"status": status, "message": message}}, status=code)


def _transcription(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "language_code": "eng",
        "language_probability": 0.98,
        "text": TEXT,
        "words": list(_words(WORDS, tells_speakers=form.get("diarize") == "true")),
        "transcription_id": "t",
        "audio_duration_secs": 2.0,
    }


def _words(words: list[dict[str, Any]], *, tells_speakers: bool) -> Iterator[dict[str, Any]]:
    for at, word in enumerate(words):
        speaker = {"speaker_id": f"speaker_{word.get('speaker', 0)}"} if tells_speakers else {}
        times = {"start": word["start"], "end": word["end"]}
        if at:
            yield {"text": " ", "start": word["start"], "end": word["start"], "type": "spacing", "logprob": 0.0}
        yield {"text": word["word"], **times, "type": "word", "logprob": -0.1, **speaker}


async def serve_live(request: web.Request, fault: Fault, *, is_known: bool) -> web.WebSocketResponse:
    """Hold one session, to which the fault happens."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    if not is_known:
        await socket.send_json({"message_type": "auth_error", "error": "Invalid API key"})
        await socket.close(code=1008)
        return socket
    config = {name: value for name, value in request.query.items() if name != "keyterms"}
    await socket.send_json({"message_type": "session_started", "session_id": "s", "config": config})
    hearing = Hearing(0, hears=True)
    async for message in socket:
        if message.type != WSMsgType.TEXT:
            break
        said = json.loads(message.data)
        hearing.hear(base64.b64decode(said["audio_base_64"]))
        if fault.do != "nothing" and len(hearing.audio) >= fault.after_bytes:
            await fail(socket, request, fault)
            return socket
        for answer in _answers(hearing, commits=said["commit"], is_timed=request.query.get("include_timestamps")):
            await socket.send_json(answer)
    return socket


def _answers(hearing: Hearing, *, commits: bool, is_timed: str | None) -> Iterator[dict[str, Any]]:
    """Both forms of what is committed if times were asked for, else what seems to be said."""
    words, hearing.words = hearing.words, [] if commits else hearing.words
    if commits and not words:
        yield {"message_type": "commit_throttled", "error": "There is nothing to commit."}
    elif commits:
        yield {"message_type": "committed_transcript", "text": text_of(words)}
        if is_timed == "true":
            timed = {"text": text_of(words), "language_code": "en"}
            yield {
                "message_type": "committed_transcript_with_timestamps",
                **timed,
                "words": list(_words(words, tells_speakers=False)),
            }
    if not commits:
        yield {"message_type": "partial_transcript", "text": text_of(words)}
