"""A double of Speechmatics' APIs on this machine: their addresses, messages and error shapes, with scripted answers.

The vendor's own SDKs run against it (`tests/providers/speechmatics/test_double.py`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from tests.support.live.provider import text_of
from tests.support.providers.double import ENTRY
from tests.support.providers.polled import DURATION_S, SAID, LiveTalk, Polled, has_key

if TYPE_CHECKING:
    from tests.support.live.provider import Fault

CREATED = "2026-11-20T10:00:00.000Z"
SESSION = "5d83b7b2"


class SpeechmaticsDouble(Polled):
    """Jobs, their transcripts and live sessions; what is charged for is `upload`."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v2/jobs", self._begin),
            web.get("/v2/jobs", self._list),
            web.get("/v2/jobs/{id}", self._status),
            web.get("/v2/jobs/{id}/transcript", self._transcript),
            web.get("/v2", self._live),
        ]

    def kind_of(self, request: web.Request) -> str:
        if request.path == "/v2":
            return "live"
        if request.path == "/v2/jobs":
            return "upload" if request.method == "POST" else "health"
        return "transcript" if request.path.endswith("/transcript") else "status"

    async def _begin(self, request: web.Request) -> web.Response:
        config, size = await _read_form(request)
        if not has_key(request, f"Bearer {self.key}"):
            return _error(401, "Permission Denied")
        if size is None or config.get("type") != "transcription" or not config["transcription_config"].get("language"):
            return _error(400, "Job rejected")
        request[ENTRY].update(bytes=size, config=config)
        job = {"id": f"s{len(self.jobs)}", "created_at": CREATED, "data_name": "audio", "status": "running"}
        self.jobs[job["id"]] = {"job": {**job, "config": config}, "config": config["transcription_config"]}
        return web.json_response({"id": job["id"]}, status=201)

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response({"jobs": []}) if self._knows(request) else _error(401, "Permission Denied")

    async def _status(self, request: web.Request) -> web.Response:
        known = self._known(request)
        if isinstance(known, web.Response):
            return known
        job = known["job"]
        if failure := self.script.get("failure"):
            errors = [{"timestamp": CREATED, "message": failure["message"]}]
            return web.json_response({"job": {**job, "status": "rejected", "errors": errors}})
        is_done = self.script.get("seconds", 0) is not None
        return web.json_response({"job": {**job, "status": "done", "duration": 2} if is_done else job})

    async def _transcript(self, request: web.Request) -> web.Response:
        known = self._known(request)
        if isinstance(known, web.Response):
            return known
        if request.query.get("format", "json-v2") != "json-v2":
            return _error(400, "Unsupported format")
        return web.json_response(transcript(known["job"], known["config"]))

    def _knows(self, request: web.Request) -> bool:
        return has_key(request, f"Bearer {self.key}")

    def _known(self, request: web.Request) -> dict[str, Any] | web.Response:
        if not self._knows(request):
            return _error(401, "Permission Denied")
        return self.jobs.get(request.match_info["id"]) or _error(404, "Job not found")

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(request):
            return _error(401, "Permission Denied")
        return await SpeechmaticsTalk(request, self.live_fault()).hold()


async def _read_form(request: web.Request) -> tuple[dict[str, Any], int | None]:
    """The configuration and how large the file is, in whichever order they come."""
    config, size = {}, None
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "config":
            config = json.loads(await part.text())
        elif part.name == "data_file":
            size = 0
            while chunk := await part.read_chunk(64 * 1024):
                size += len(chunk)
    return config, size


def transcript(job: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    """What is said, with speakers only if they were asked for."""
    tells_apart = config.get("diarization") == "speaker"
    metadata: dict[str, Any] = {"created_at": CREATED, "type": "transcription", "transcription_config": config}
    if config["language"] == "auto":
        found = [{"language": "en", "confidence": 0.98}]
        metadata["language_identification"] = {
            "predicted_language": "en",
            "results": [{"alternatives": found, "start_time": 0.0, "end_time": 2.0}],
        }
    results = [
        word(text, start, end, sure, speaker=f"S{voice + 1}" if tells_apart else None)
        for text, start, end, sure, voice in SAID
    ]
    kept = {name: job[name] for name in ("id", "created_at", "data_name")}
    return {"format": "2.9", "job": {**kept, "duration": DURATION_S}, "metadata": metadata, "results": results}


def word(text: str, start: float, end: float, sure: float, *, speaker: str | None) -> dict[str, Any]:
    """One result."""
    best: dict[str, Any] = {"content": text, "confidence": sure, "language": "en", "display": {"direction": "ltr"}}
    if speaker:
        best["speaker"] = speaker
    return {"type": "word", "start_time": start, "end_time": end, "alternatives": [best]}


def _error(code: int, error: str) -> web.Response:
    return web.json_response({"code": code, "error": error}, status=code)


class SpeechmaticsTalk(LiveTalk):
    """It begins when it was told what to do, says how much audio it has, and ends when all of it was counted."""

    words_a_final = 3

    def __init__(self, request: web.Request, fault: Fault) -> None:
        super().__init__(request, fault)
        self._config: dict[str, Any] = {}
        self._frames = 0

    async def heard(self, audio: bytes) -> None:
        if not self._config:
            await self._refuse("protocol_error", 1003)
            return
        self._frames += 1
        await self.socket.send_json({"message": "AudioAdded", "seq_no": self._frames})
        if self._config.get("enable_partials"):
            await self.socket.send_json(self._said("AddPartialTranscript", self.hearing.words))

    async def final(self, words: list[dict[str, Any]]) -> None:
        await self.socket.send_json(self._said("AddTranscript", words))

    async def obey(self, text: str) -> bool:
        asked = json.loads(text)
        if asked["message"] == "StartRecognition":
            return await self._start(asked)
        if asked["message"] != "EndOfStream":
            return False
        # The vendor's SDK names the last that was confirmed.
        if asked["last_seq_no"] > self._frames:
            await self._refuse("protocol_error", 1003)
            return True
        for words in self.hearing.finals(is_last=True):
            await self.final(words)
        await self.socket.send_json({"message": "EndOfTranscript"})
        await self.socket.close()
        return True

    async def _start(self, asked: dict[str, Any]) -> bool:
        self._config = asked["transcription_config"]
        if asked["audio_format"] != {"type": "raw", "encoding": "pcm_s16le", "sample_rate": 16_000}:
            await self._refuse("invalid_audio_type", 1003)
            return True
        started = {"message": "RecognitionStarted", "id": SESSION, "language_pack_info": {"word_delimiter": " "}}
        await self.socket.send_json(started)
        return False

    async def _refuse(self, kind: str, code: int) -> None:
        await self.socket.send_json({"message": "Error", "type": kind, "reason": "Scripted"})
        await self.socket.close(code=code)

    def _said(self, message: str, words: list[dict[str, Any]]) -> dict[str, Any]:
        speaker = "S1" if self._config.get("diarization") == "speaker" else None
        times = {"start_time": words[0]["start"], "end_time": words[-1]["end"]} if words else {}
        metadata = {"start_time": 0.0, "end_time": 0.0, "transcript": text_of(words), **times}
        results = [word(one["word"], one["start"], one["end"], 1.0, speaker=speaker) for one in words]
        return {"message": message, "format": "2.9", "metadata": metadata, "results": results}
