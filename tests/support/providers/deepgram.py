"""A double of Deepgram's API: its addresses, parameters, limits and error shapes, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/deepgram/test_double.py`).
"""

from __future__ import annotations

import json
import time
from itertools import count
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, hdrs, web

from tests.support.live.provider import Fault, Hearing, fail, text_of
from tests.support.providers.double import ENTRY, Double
from tests.support.pulse import TEXT, UTTERANCES, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY = "dg_test_key"
MODELS = ("nova-3", "nova-2")
BOOLEANS = ("punctuate", "smart_format", "numerals", "utterances", "profanity_filter", "detect_language")
MODEL_INFO = {"c0d1": {"name": "general-nova-3", "version": "2026-01-01", "arch": "nova-3"}}
WORDS_A_FINAL = 10
LASTS_S = 30


class DeepgramDouble(Double):
    """Deepgram, with the faults that a `Double` plays.

    Its script may have `keys`: which it accepts, each list from so many uploads on, as `{0: ["a"], 10: ["a", "b"]}`,
    and `no_grants`, for a key that is no Member's. Tokens last for as long as they are asked for, `lasts_s` at most, by
    its clock `now`, in seconds; they serve for audio alone.
    """

    key, max_bytes = KEY, 2 * 1000**3
    kinds = {"/v1/listen": "upload", "/v1/auth/grant": "token"}

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count()
        self.reset()

    def reset(self) -> None:
        """Know no tokens; set the clock right."""
        self.lasts_s, self.now = float(LASTS_S), time.monotonic
        self.tokens: dict[str, float] = {}

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [
            web.post("/v1/listen", self._upload),
            web.get("/v1/listen", self._live),
            web.get("/v1/projects", self._projects),
            web.post("/v1/auth/grant", self._grant),
        ]

    async def _projects(self, request: web.Request) -> web.Response:
        return self._unauthorised(request) or web.json_response({"projects": [{"project_id": "p", "name": "Court"}]})

    async def _grant(self, request: web.Request) -> web.Response:
        if objection := self._unauthorised(request):
            return objection
        if self.script.get("no_grants"):
            return _error(403, "FORBIDDEN")
        lasts_s = min(float((await request.json()).get("ttl_seconds", LASTS_S)), self.lasts_s)
        token = f"jwt-{next(self._numbers)}"
        self.tokens[token] = self.now() + lasts_s
        return web.json_response({"access_token": token, "expires_in": lasts_s})

    async def _upload(self, request: web.Request) -> web.Response:
        body = await request.read()
        if objection := self._unauthorised(request) or _objection(request):
            return objection
        request[ENTRY]["bytes"] = len(body)
        return web.json_response(_transcription(request.query))

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if objection := self._unauthorised(request) or _objection(request):
            said = json.loads(objection.text or "{}")["err_msg"]
            return web.Response(status=objection.status, headers={"dg-error": said, "dg-request-id": "87dd"})
        return await serve_live(request, self.live_fault())

    def _unauthorised(self, request: web.Request) -> web.Response | None:
        kind, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        is_key = kind.lower() == "token" and key in self._accepted()
        is_token = kind.lower() == "bearer" and self.tokens.get(key, 0) > self.now()
        serves = is_key or (is_token and request.path == "/v1/listen")
        return None if serves else _error(401, "INVALID_AUTH")

    def _accepted(self) -> list[str]:
        keys: dict[int, list[str]] = self.script.get("keys", {0: [KEY]})
        return keys[max(since for since in keys if since <= self._counts["upload"])]


def _objection(request: web.Request) -> web.Response | None:
    query = request.query
    if query.get("model") not in MODELS:
        return _error(400, "Bad Request: no such model")
    if any(query.get(name, "true") not in ("true", "false") for name in BOOLEANS):
        return _error(400, "Bad Request: a boolean is true or false")
    if "keywords" in query and query["model"] == "nova-3":
        return _error(400, "Keywords are not supported with Nova-3. Use keyterm instead.")
    if "keyterm" in query and query["model"] != "nova-3":
        return _error(400, "Keyterms are only supported with Nova-3 models.")
    if "language" in query and "detect_language" in query:
        return _error(400, "Bad Request: language and detect_language exclude each other")
    return None


def _error(code: int, message: str) -> web.Response:
    said = {"err_code": message, "err_msg": message, "request_id": "87dd"}
    return web.json_response(said, status=code)


def _transcription(query: Mapping[str, str]) -> dict[str, Any]:
    """Utterances only if asked for, speakers only if told apart."""
    words = list(_words(WORDS, query))
    alternative = {"transcript": TEXT, "confidence": 0.9, "words": words}
    channel: dict[str, Any] = {"alternatives": [alternative]}
    if query.get("detect_language") == "true":
        channel |= {"detected_language": "en", "language_confidence": 0.98}
    results: dict[str, Any] = {"channels": [channel]}
    if query.get("utterances") == "true":
        results["utterances"] = [_utterance(one, words) for one in UTTERANCES]
    metadata = {
        "transaction_key": "deprecated",
        "request_id": "87dd",
        "sha256": "0" * 64,
        "created": "2026-11-20T00:00:00.000Z",
        "duration": 2.0,
        "channels": 1,
        "models": list(MODEL_INFO),
        "model_info": MODEL_INFO,
    }
    return {"metadata": metadata, "results": results}


def _utterance(said: dict[str, Any], words: list[dict[str, Any]]) -> dict[str, Any]:
    own = [word for word in words if said["start"] <= word["start"] < said["end"]]
    speaker = {"speaker": own[0]["speaker"]} if "speaker" in own[0] else {}
    times = {"start": said["start"], "end": said["end"]}
    return {**times, "confidence": 0.9, "channel": 0, "transcript": said["text"], "words": own, **speaker, "id": "u"}


def _words(words: list[dict[str, Any]], query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for word in words:
        told = {name: word[name] for name in ("word", "start", "end", "confidence")}
        if "diarize_model" in query or query.get("diarize") == "true":
            told |= {"speaker": word.get("speaker", 0), "speaker_confidence": 0.8}
        if query.get("punctuate") == "true":
            told["punctuated_word"] = word["word"]
        yield told


async def serve_live(request: web.Request, fault: Fault) -> web.WebSocketResponse:
    """Hold one session, to which the fault happens."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    hearing = Hearing(WORDS_A_FINAL, hears=True)
    async for message in socket:
        if message.type == WSMsgType.BINARY:
            if not message.data:
                break
            if not hearing.audio and request.query.get("vad_events") == "true":
                await socket.send_json({"type": "SpeechStarted", "channel": [0], "timestamp": 0.0})
            hearing.hear(message.data)
            if fault.do != "nothing" and len(hearing.audio) >= fault.after_bytes:
                await fail(socket, request, fault)
                return socket
            for words in hearing.finals():
                await socket.send_json(_results(words, request.query, is_final=True))
            if request.query.get("interim_results") == "true":
                await socket.send_json(_results(hearing.words, request.query, is_final=False))
        elif await _obey(socket, hearing, json.loads(message.data)["type"], request.query):
            break
    return socket


async def _obey(socket: web.WebSocketResponse, hearing: Hearing, kind: str, query: Mapping[str, str]) -> bool:
    """Do what the client asks; True if it was the last."""
    if kind not in ("Finalize", "CloseStream"):
        return False
    for words in hearing.finals(is_last=True) or [[]]:
        said = _results(words, query, is_final=True)
        await socket.send_json({**said, "from_finalize": kind == "Finalize"})
    if kind == "CloseStream":
        names = {"transaction_key": "deprecated", "request_id": "87dd", "sha256": "0" * 64}
        told = {"created": "2026-11-20T00:00:00.000Z", "duration": 1.0, "channels": 1}
        await socket.send_json({"type": "Metadata", **names, **told})
        await socket.close()
    return kind == "CloseStream"


def _results(words: list[dict[str, Any]], query: Mapping[str, str], *, is_final: bool) -> dict[str, Any]:
    alternative = {"transcript": text_of(words), "confidence": 0.9, "words": list(_words(words, query))}
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "duration": 1.0,
        "start": 0.0,
        "is_final": is_final,
        "speech_final": is_final,
        "channel": {"alternatives": [alternative]},
        "metadata": {"request_id": "87dd", "model_info": MODEL_INFO["c0d1"], "model_uuid": "c0d1"},
        "from_finalize": False,
    }
