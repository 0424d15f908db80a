"""The live socket of the double of Pulse. It hears what `tests.support.live` says that audio says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.support.live import Fault, Hearing, fail, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SESSION = "4b5a"
LANGUAGES = {
    *("en", "hi", "de", "es", "ru", "it", "fr", "nl", "pt", "zh", "yue", "ja", "ko", "gu", "mr", "or", "bn", "ta"),
    *("te", "kn", "ml", "north_indic", "multi-asian", "multi-south-indic"),
}
WORDS_A_FINAL = 10


def objection(query: Any) -> str:
    """Why a session must not begin, empty where it may."""
    if query.get("model") == "pulse-pro":
        return "Pulse Pro has no streaming transport. Use POST /waves/v1/stt/?model=pulse-pro instead."
    if query.get("model") != "pulse" or query.get("language") not in LANGUAGES:
        return "Missing or invalid query param: model, language."
    return ""


async def serve(request: web.Request, fault: Fault) -> web.WebSocketResponse:
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
