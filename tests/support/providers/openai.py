"""A double of OpenAI's API and of the servers that speak it: their addresses, fields, limits, shapes and errors.

The vendor's own SDK runs against it (`tests/providers/openai/test_double.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from tests.support.providers.double import ENTRY, Double, values
from tests.support.providers.realtime import serve_realtime
from tests.support.pulse import TEXT, UTTERANCES, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "sk-test-key"
MAX_BYTES = 25 * 1024**2
PATHS = ("/v1/audio/transcriptions", "/openai/v1/audio/transcriptions", "/inference")
SHAPES = {
    "gpt-transcribe": {"json"},
    "gpt-4o-transcribe": {"json", "text"},
    "gpt-4o-transcribe-diarize": {"json", "text", "diarized_json"},
}


class OpenAIDouble(Double):
    """OpenAI, with the faults that a `Double` plays. The ledger has the `form` of an upload, but for its file."""

    key, max_bytes = KEY, MAX_BYTES
    kinds = dict.fromkeys(PATHS, "upload")

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        return [
            *(web.post(path, self._upload) for path in PATHS),
            web.get("/v1/models", self._models),
            web.get("/openai/v1/models", self._models),
            web.get("/health", self._health),
            web.get("/v1/realtime", self._live),
        ]

    async def _models(self, request: web.Request) -> web.Response:
        models = [{"id": name, "object": "model", "created": 1, "owned_by": "openai"} for name in SHAPES]
        return _unauthorised(request) or web.json_response({"object": "list", "data": models})

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _upload(self, request: web.Request) -> web.Response:
        try:
            form = await request.post()
        except web.HTTPRequestEntityTooLarge:
            return _error(413, "Maximum content size limit (26214400) exceeded", "server_error")
        file = form.get("file")
        if not isinstance(file, web.FileField):
            return _error(400, "Missing required parameter: 'file'.")
        with file.file:
            size = len(file.file.read())
        told = values(form)  # type: ignore[arg-type]  # it says of itself only that it is a mapping
        told.pop("file")
        request[ENTRY].update(form=told, filename=file.filename, part=file.content_type)
        is_local = request.path == "/inference"
        if objection := (None if is_local else _unauthorised(request)) or _objection(told, file.filename):
            return objection
        request[ENTRY]["bytes"] = size
        return web.json_response(_transcription(told))

    async def _live(self, request: web.Request) -> web.StreamResponse:
        is_known = request.headers.get(hdrs.AUTHORIZATION) == f"Bearer {KEY}"
        return await serve_realtime(request, self.live_fault(), is_known=is_known)


def _unauthorised(request: web.Request) -> web.Response | None:
    if request.headers.get(hdrs.AUTHORIZATION) == f"Bearer {KEY}":
        return None
    return _error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")


def _objection(form: Mapping[str, Any], filename: str) -> web.Response | None:
    model, shape = str(form.get("model")), str(form.get("response_format", "json"))
    if shape not in SHAPES.get(model, {"json", "text", "srt", "vtt", "verbose_json"}):
        return _error(400, f"response_format '{shape}' is not compatible with model '{model}'.")
    if "timestamp_granularities[]" in form and shape != "verbose_json":
        return _error(400, "timestamp_granularities needs response_format 'verbose_json'.")
    if "keywords[]" in form and model != "gpt-transcribe":
        return _error(400, "Unknown parameter: 'keywords'.")
    if "language" in form and "languages[]" in form:
        return _error(400, "Send either 'language' or 'languages'.")
    if "." not in filename:
        return _error(400, "Unrecognized file format.")
    return None


def _error(code: int, message: str, kind: str = "invalid_request_error", name: str | None = None) -> web.Response:
    return web.json_response({"error": {"message": message, "type": kind, "param": None, "code": name}}, status=code)


def _transcription(form: Mapping[str, Any]) -> dict[str, Any]:
    usage = {"type": "duration", "seconds": 2}
    match form.get("response_format", "json"):
        case "verbose_json":
            return {**_verbose(), "usage": usage}
        case "diarized_json":
            return {**_diarized(), "usage": usage}
    return {"text": TEXT, "languages": [{"code": "en"}], "usage": usage}


def _verbose() -> dict[str, Any]:
    numbers = {"seek": 0, "tokens": [1], "temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.0}
    segments = [
        {
            "id": at,
            "start": one["start"],
            "end": one["end"],
            "text": f" {one['text']}",
            "no_speech_prob": 0.01,
            **numbers,
        }
        for at, one in enumerate(UTTERANCES)
    ]
    words = [{name: word[name] for name in ("word", "start", "end")} for word in WORDS]
    return {
        "task": "transcribe",
        "language": "english",
        "duration": 2.0,
        "text": TEXT,
        "segments": segments,
        "words": words,
    }


def _diarized() -> dict[str, Any]:
    segments = [
        {
            "type": "transcript.text.segment",
            "id": f"seg_{at:03}",
            "start": one["start"],
            "end": one["end"],
            "text": one["text"],
            "speaker": "AB"[at],
        }
        for at, one in enumerate(UTTERANCES)
    ]
    text = "\n".join(f"{one['speaker']}: {one['text']}" for one in segments)
    return {"task": "transcribe", "duration": 2.0, "text": text, "segments": segments}
