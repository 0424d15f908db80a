"""A double of Pulse's API on this machine: its addresses, parameters, limits and error shapes, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/test_pulse_double.py`), so what it says is what that understands.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, hdrs, web

from tests.support.live.provider import Fault, Hearing, fail, text_of
from tests.support.providers.double import ENTRY, Double
from transcripts.providers.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

KEY = "sk_test_key"
MAX_BYTES = 250 * 1024**2
MODELS = ("pulse", "pulse-pro")
LANGUAGES = {*(KINDS["pulse"].languages or ()), "multi-eu", "multi-asian", "multi-indic"}
WORDS = [
    {"start": 0.1, "end": 0.3, "speaker": 0, "speaker_confidence": 1, "word": "and", "confidence": 0.9},
    {"start": 0.3, "end": 0.6, "speaker": 0, "speaker_confidence": 1, "word": "so", "confidence": 0.8},
    {"start": 0.7, "end": 0.9, "speaker": 1, "speaker_confidence": 1, "word": "my", "confidence": 0.95},
    {"start": 0.9, "end": 1.3, "speaker": 1, "speaker_confidence": 1, "word": "fellow", "confidence": 0.7},
    {"start": 1.3, "end": 1.9, "speaker": 1, "speaker_confidence": 1, "word": "americans", "confidence": 0.85},
]
UTTERANCES = [
    {"start": 0.1, "end": 0.6, "speaker": 0, "text": "and so"},
    {"start": 0.7, "end": 1.9, "speaker": 1, "text": "my fellow americans"},
]
KINDS_OF_REQUEST = {"/waves/v1/stt/": "upload", "/waves/v1/stt/live": "live"}
TEXT = "and so my fellow americans"
SESSION = "4b5a"
LIVE_LANGUAGES = {
    *("en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "zh", "yue", "ja", "ko", "gu", "mr", "or", "bn", "ta"),
    *("te", "kn", "ml", "north_indic", "multi-asian", "multi-south-indic"),
}
WORDS_A_FINAL = 10


class PulseDouble(Double):
    """Pulse, with the faults that a `Double` plays."""

    key, max_bytes, kinds = KEY, MAX_BYTES, KINDS_OF_REQUEST

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [
            web.post("/waves/v1/stt/", self._upload),
            web.get("/waves/v1/stt/live", self._live),
            web.get("/waves/v1/health", self._health),
        ]

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "mongo": {}, "redis": {}, "rabbitmq": {}})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get(hdrs.AUTHORIZATION) != f"Bearer {KEY}":
            return _error(401, "Invalid API key.")
        if objection := live_objection(request.query):
            return _error(400, objection)
        return await serve_live(request, self.live_fault())

    async def _upload(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _error(413, "File size exceeds maximum limit of 250MB.")
        objection = _objection(request)
        if objection:
            return _error(*objection)
        request[ENTRY]["bytes"] = len(body)
        return web.json_response(_transcription(request.query, len(body)))


def _objection(request: web.Request) -> tuple[int, str] | None:
    query = request.query
    if request.headers.get(hdrs.AUTHORIZATION) != f"Bearer {KEY}":
        return 401, "Invalid API key."
    if query.get("model") not in MODELS:
        return 400, "Missing required query param: model. Supported values: pulse | pulse-pro."
    if query.get("language") not in LANGUAGES:
        return 400, "Invalid language."
    if any(query.get(name, "true") not in ("true", "false") for name in ("word_timestamps", "diarize")):
        return 400, "Invalid boolean."
    return None


def _error(code: int, message: str) -> web.Response:
    return web.json_response({"error": message, "request_id": "87dd"}, status=code)


def _transcription(query: Any, size: int) -> dict[str, Any]:
    """Words and utterances only where they were asked for, speakers only where they were told apart."""
    timed, told = query.get("word_timestamps") == "true", query.get("diarize") == "true"
    kept = (lambda item: item) if told else _without_speaker
    return {
        "status": "success",
        "transcription": TEXT,
        "words": [kept(word) for word in WORDS] if timed else [],
        "utterances": [kept(utterance) for utterance in UTTERANCES] if timed else [],
        "metadata": {"duration": 2.0, "fileSize": size},
    }


def _without_speaker(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if not name.startswith("speaker")}


def live_objection(query: Any) -> str:
    """Why a session must not begin, empty where it may."""
    if query.get("model") == "pulse-pro":
        return "Pulse Pro has no streaming transport. Use POST /waves/v1/stt/?model=pulse-pro instead."
    if query.get("model") != "pulse" or query.get("language") not in LIVE_LANGUAGES:
        return "Missing or invalid query param: model, language."
    return ""


async def serve_live(request: web.Request, fault: Fault) -> web.WebSocketResponse:
    """Hold one session, to which the fault happens."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    hearing, with_words = Hearing(WORDS_A_FINAL, hears=True), request.query.get("word_timestamps") == "true"
    async for message in socket:
        if message.type == WSMsgType.BINARY:
            if not hearing.audio and request.query.get("vad_events") == "true":
                await socket.send_json({"type": "speech_started", "session_id": SESSION, "timestamp": 0.0})
            hearing.hear(message.data)
            if fault.do != "nothing" and len(hearing.audio) >= fault.after_bytes:
                await fail(socket, request, fault)
                return socket
            async for said in _transcripts(hearing, with_words=with_words):
                await socket.send_json(said)
        elif await _obey(socket, hearing, json.loads(message.data)["type"], with_words=with_words):
            break
    return socket


async def _obey(socket: web.WebSocketResponse, hearing: Hearing, kind: str, *, with_words: bool) -> bool:
    """Do what the client asks; True where it was the last."""
    if kind == "keepalive":
        await socket.send_json({"type": "pong"})
    if kind not in ("finalize", "close_stream"):
        return False
    finals = hearing.finals(is_last=True) or [[]]
    for number, words in enumerate(finals, start=1):
        is_last = kind == "close_stream" and number == len(finals)
        said = _transcript(words, with_words=with_words, is_final=True, is_last=is_last)
        await socket.send_json({**said, "from_finalize": kind == "finalize"})
    if kind == "close_stream":
        await socket.close()
    return kind == "close_stream"


async def _transcripts(hearing: Hearing, *, with_words: bool) -> AsyncIterator[dict[str, Any]]:
    for words in hearing.finals():
        yield _transcript(words, with_words=with_words, is_final=True)
    yield _transcript(hearing.words, with_words=False, is_final=False)


def _transcript(
    words: list[dict[str, Any]], *, with_words: bool, is_final: bool, is_last: bool = False
) -> dict[str, Any]:
    text = text_of(words)
    said = {
        "type": "transcription",
        "status": "success",
        "session_id": SESSION,
        "transcription": text,
        "transcript": text,
        "is_final": is_final,
        "is_last": is_last,
    }
    if is_final:
        said |= {"language": "en", "languages": ["en"]}
    if with_words:
        # Live a speaker is a name and no number: the SDK takes nothing else.
        said["words"] = [{**word, "speaker": "0", "speaker_confidence": 1.0} for word in words]
    return said
