"""A double of AssemblyAI's API on this machine: its addresses, parameters and error shapes, with scripted answers.

The vendor's own SDK runs against it (`tests/providers/assemblyai/test_double.py`).
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from tests.support.live.provider import text_of
from tests.support.providers.double import ENTRY
from tests.support.providers.polled import DURATION_S, SAID, TEXT, LiveTalk, Polled, has_key

if TYPE_CHECKING:
    from tests.support.live.provider import Fault

ADDRESS = "https://cdn.assemblyai.com/upload/"
WORDS = [
    {"text": text, "start": round(start * 1000), "end": round(end * 1000), "confidence": sure, "speaker": "AB"[voice]}
    for text, start, end, sure, voice in SAID
]
UTTERANCES = [
    {"speaker": "A", "text": "and so", "start": 100, "end": 600, "confidence": 0.85, "words": WORDS[:2]},
    {"speaker": "B", "text": "my fellow americans", "start": 700, "end": 1900, "confidence": 0.8, "words": WORDS[2:]},
]
KINDS = {"/v2/upload": "bytes", "/v3/ws": "live", "/v3/token": "token"}
MOST_SECONDS = 600
BEGUN = 1_763_640_000


class AssemblyAIDouble(Polled):
    """Bytes come as `bytes`; what is charged for is the request for a transcript, `upload`.

    Its script may have `no_grants`, for a key that gets no tokens. A token serves one session.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uploads: dict[str, int] = {}
        self.tokens: set[str] = set()
        self._numbers = count()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v2/upload", self._upload),
            web.post("/v2/transcript", self._begin),
            web.get("/v2/transcript", self._list),
            web.get("/v2/transcript/{id}", self._status),
            web.get("/v3/ws", self._live),
            web.get("/v3/token", self._grant),
        ]

    def kind_of(self, request: web.Request) -> str:
        if kind := KINDS.get(request.path):
            return kind
        if request.path == "/v2/transcript":
            return "upload" if request.method == "POST" else "health"
        return "status"

    async def _upload(self, request: web.Request) -> web.Response:
        size = 0
        async for part in request.content.iter_any():
            size += len(part)
        if not has_key(request, self.key):
            return _error(401, "Authentication error, API token missing/invalid")
        address = f"{ADDRESS}{len(self.uploads)}"
        self.uploads[address] = size
        return web.json_response({"upload_url": address})

    async def _begin(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if not has_key(request, self.key):
            return _error(401, "Authentication error, API token missing/invalid")
        if asked.get("audio_url") not in self.uploads:
            return _error(403, "Cannot access uploaded file")
        request[ENTRY].update(bytes=self.uploads[asked["audio_url"]], asked=asked)
        job = {"id": f"t-{len(self.jobs)}", "status": "queued", "audio_url": asked["audio_url"]}
        self.jobs[job["id"]] = {"asked": asked, "job": job}
        return web.json_response(job)

    async def _list(self, request: web.Request) -> web.Response:
        if not has_key(request, self.key):
            return _error(401, "Authentication error, API token missing/invalid")
        return web.json_response({"page_details": {"limit": 1, "result_count": 0}, "transcripts": []})

    async def _status(self, request: web.Request) -> web.Response:
        if not has_key(request, self.key):
            return _error(401, "Authentication error, API token missing/invalid")
        known = self.jobs.get(request.match_info["id"])
        if known is None:
            return _error(400, "Transcript lookup error, transcript id not found")
        if failure := self.script.get("failure"):
            return web.json_response({**known["job"], "status": "error", "error": failure["message"]})
        if self.script.get("seconds", 0) is None:
            return web.json_response(known["job"])
        return web.json_response({**known["job"], **transcript(known["asked"])})

    async def _grant(self, request: web.Request) -> web.Response:
        if not has_key(request, self.key):
            return _error(401, "Not authorized")
        if self.script.get("no_grants"):
            return _error(403, "Forbidden")
        seconds = int(request.query.get("expires_in_seconds", "0"))
        if not 1 <= seconds <= MOST_SECONDS:
            return _error(422, "expires_in_seconds is out of range")
        token = f"temporary-{next(self._numbers)}"
        self.tokens.add(token)
        return web.json_response({"token": token, "expires_in_seconds": seconds})

    def _admits(self, request: web.Request) -> bool:
        """Whether a session may begin; it uses up the token."""
        sent = request.headers.get(hdrs.AUTHORIZATION, "")
        if sent in self.tokens:
            self.tokens.remove(sent)
            return True
        return has_key(request, self.key)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if not self._admits(request):
            return _error(401, "Not authorized")
        if request.query.get("sample_rate") != "16000":
            return _error(400, "Invalid sample rate")
        return await AssemblyAITalk(request, self.live_fault()).hold()


def transcript(asked: dict[str, Any]) -> dict[str, Any]:
    """What is said, with speakers only if they were asked for."""
    done: dict[str, Any] = {
        "status": "completed",
        "text": TEXT,
        "confidence": 0.9,
        "audio_duration": int(DURATION_S),
        "language_code": asked.get("language_code") or "en_us",
        "words": [{**word, "speaker": None} for word in WORDS],
        "utterances": None,
    }
    if asked.get("language_detection"):
        done["language_confidence"] = 0.98
    if asked.get("speaker_labels"):
        done |= {"words": WORDS, "utterances": UTTERANCES}
    return done


def _error(code: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=code)


class AssemblyAITalk(LiveTalk):
    """Turns by their number: what seems to be said, then the end, then the end once more with a full stop."""

    def __init__(self, request: web.Request, fault: Fault) -> None:
        super().__init__(request, fault)
        self._formats = request.query.get("format_turns", "").lower() in ("true", "1")
        self._order = 0
        self._bytes = 0

    async def begin(self) -> None:
        await self.socket.send_json({"type": "Begin", "id": "b1", "expires_at": BEGUN})

    async def heard(self, audio: bytes) -> None:
        self._bytes += len(audio)
        if not 50 <= len(audio) / 32 <= 1_000:
            await self.socket.send_json({"type": "Error", "error_code": 3007, "error": "Input duration violation"})
            await self.socket.close(code=3007)
            return
        await self.socket.send_json(self._turn(self.hearing.words, is_over=False))

    async def final(self, words: list[dict[str, Any]]) -> None:
        await self.socket.send_json(self._turn(words, is_over=True))
        if self._formats:
            await self.socket.send_json(self._turn(words, is_over=True, is_formatted=True))
        self._order += 1

    async def obey(self, text: str) -> bool:
        if json.loads(text)["type"] != "Terminate":
            return False
        for words in self.hearing.finals(is_last=True):
            await self.final(words)
        seconds = self._bytes // 32_000
        said = {"type": "Termination", "audio_duration_seconds": seconds, "session_duration_seconds": seconds}
        await self.socket.send_json(said)
        await self.socket.close()
        return True

    def _turn(self, words: list[dict[str, Any]], *, is_over: bool, is_formatted: bool = False) -> dict[str, Any]:
        return {
            "type": "Turn",
            "turn_order": self._order,
            "turn_is_formatted": is_formatted,
            "end_of_turn": is_over,
            "transcript": text_of(words) if is_over else text_of(words[:-1]),
            "end_of_turn_confidence": 0.9 if is_over else 0.1,
            "words": [_word(word, is_final=is_over) for word in words],
            "speaker_label": "A",
            "language_code": "en",
        }


def _word(word: dict[str, Any], *, is_final: bool) -> dict[str, Any]:
    start, end = (round(word[name] * 1000) for name in ("start", "end"))
    return {"text": word["word"], "start": start, "end": end, "confidence": 1.0, "word_is_final": is_final}
