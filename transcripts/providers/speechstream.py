"""SpeechStream: an upload gives a processing id, and the id is asked for until the transcript is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.base import (
    Ambiguous,
    Answer,
    AuthenticationFailed,
    BadAnswer,
    Busy,
    Health,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    State,
    UnknownJob,
)
from transcripts.providers.http import Client
from transcripts.providers.reading import read_document
from transcripts.providers.retry_after import retry_after_ms

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.document import Document
    from transcripts.providers.base import Connection, Options
    from transcripts.providers.http import Reply

# Waits for a 429 that names none.
UPLOAD_PAUSE_MS = 60_000
STATUS_PAUSE_MS = 5_000
# The words for "not yet", of the documentation and of more lenient servers.
NOT_YET = frozenset({"processing", "queued", "pending", "uploaded", "in_progress"})
MAX_ID = 200
MAX_SENTENCE = 300
REFUSALS: dict[int, type[ProviderError]] = {
    400: MediaRefused,
    401: AuthenticationFailed,
    402: QuotaExceeded,
    403: AuthenticationFailed,
    408: Busy,
    413: MediaRefused,
    415: MediaRefused,
    422: MediaRefused,
}


class SpeechStream:
    """The adapter; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection)
        self._key = connection.api_key

    def health(self) -> Health:
        """Ask /health, then /v1/health; a server with neither is there, but nobody knows of its key."""
        for path in ("/health", "/v1/health"):
            reply = self._client.get(path)
            if reply.status_code != 404:
                self._raise_for(reply, pause_ms=STATUS_PAUSE_MS)
                return _health(self._json(reply))
        return Health(is_key_verified=False)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Upload the audio. Raises Ambiguous whenever the provider may have taken it without our knowing its id."""
        fields = {"language": options.language} if options.language else {}
        try:
            reply = self._client.post_file("/v1/upload", file=audio, fields=fields)
            self._raise_for(reply, pause_ms=UPLOAD_PAUSE_MS)
            processing_id = _processing_id(self._json(reply))
        except BadAnswer as error:
            raise _unless_taken(error) from error
        return Answer(State.PROCESSING, raw=reply.body, processing_id=processing_id)

    def check(self, processing_id: str) -> Answer:
        """Ask for the status of an upload."""
        reply = self._client.get("/v1/status", query={"processing_id": processing_id})
        if reply.status_code == 404:
            raise UnknownJob("The provider does not know this upload any more", status_code=404)
        self._raise_for(reply, pause_ms=STATUS_PAUSE_MS)
        return self._answer(processing_id, reply)

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer."""
        return read_document(_decode(raw))

    def _answer(self, processing_id: str, reply: Reply) -> Answer:
        data = self._json(reply)
        status = data.get("status")
        if not isinstance(status, str):
            raise BadAnswer("The provider's answer has no status", status_code=reply.status_code)
        if status.lower() in NOT_YET:
            return Answer(State.PROCESSING, reply.body, processing_id, progress=_progress(data.get("progress")))
        if status.lower() == "completed":
            return Answer(State.COMPLETED, reply.body, processing_id, progress=1.0)
        message = self._sentence(data) or f"The provider gave up on this audio (status {status[:40]!r})"
        return Answer(State.FAILED, reply.body, processing_id, message=message, code=_code(data))

    def _raise_for(self, reply: Reply, *, pause_ms: int) -> None:
        """Raise what a status code other than 200 means."""
        code = reply.status_code
        if code == 200:
            return
        sentence = self._sentence_of(reply)
        if code == 429:
            pause = retry_after_ms(reply.headers, default_ms=pause_ms)
            raise RateLimited("The provider asks for a pause", status_code=code, retry_after_ms=pause)
        if code >= 500:
            wish = retry_after_ms(reply.headers, default_ms=0) or None
            raise Busy(sentence or "The provider has a fault of its own", status_code=code, retry_after_ms=wish)
        if code in REFUSALS:
            raise REFUSALS[code](sentence or f"The provider refused the request ({code})", status_code=code)
        if code >= 400:
            raise Refused(sentence or f"The provider does not offer this address ({code})", status_code=code)
        raise BadAnswer(f"The provider answered {code} where 200 was due; check its address", status_code=code)

    def _json(self, reply: Reply) -> dict[str, Any]:
        try:
            return _decode(reply.body)
        except BadAnswer as error:
            error.status_code = reply.status_code
            raise

    def _sentence_of(self, reply: Reply) -> str:
        try:
            return self._sentence(_decode(reply.body))
        except BadAnswer:
            return ""

    def _sentence(self, data: dict[str, Any]) -> str:
        """The provider's own words for a person: one line, of bounded length, without the key."""
        message = data.get("message")
        if not isinstance(message, str):
            return ""
        return " ".join(message.replace(self._key, "***").split())[:MAX_SENTENCE]


def _unless_taken(error: BadAnswer) -> ProviderError:
    """An upload whose answer cannot be read was perhaps taken, unless its status code says no."""
    if error.status_code == 200:
        return Ambiguous(f"{error}; it may have taken the upload", status_code=200)
    if error.status_code is not None and error.status_code >= 500:
        return Busy(str(error), status_code=error.status_code)
    return error


def _decode(raw: bytes) -> dict[str, Any]:
    try:
        # Strict UTF-8, a byte order mark tolerated: a guess at another encoding would corrupt words.
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadAnswer("The provider's answer is not JSON") from error
    if not isinstance(data, dict):
        raise BadAnswer("The provider's answer is not a JSON object")
    return data


def _processing_id(data: dict[str, Any]) -> str:
    processing_id = data.get("processing_id")
    if not isinstance(processing_id, str) or not 0 < len(processing_id) <= MAX_ID:
        raise BadAnswer("The provider's answer has no processing id", status_code=200)
    return processing_id


def _progress(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return min(max(float(value), 0.0), 1.0) if is_number else None  # type: ignore[arg-type]


def _code(data: dict[str, Any]) -> str:
    error = data.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def _health(data: dict[str, Any]) -> Health:
    languages = data.get("languages")
    known = tuple(str(language) for language in languages) if isinstance(languages, list) else None
    return Health(engine=str(data.get("engine") or ""), is_draft=data.get("draft") is True, languages=known)
