"""SpeechStream: an upload gives a processing id, and the id is asked for until the transcript is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.providers.answers import decode, raise_for, read_json, sentence_of, unless_taken
from transcripts.providers.base import Answer, BadAnswer, Health, State, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.reading import read_document

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
# Words for audio that was taken and is not being worked on yet, as a status or beside one.
QUEUED = frozenset({"queued", "pending", "uploaded"})
MAX_ID = 200


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
                raise_for(reply, key=self._key, pause_ms=STATUS_PAUSE_MS)
                return _health(read_json(reply))
        return Health(is_key_verified=False)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Upload the audio. Raises Ambiguous whenever the provider may have taken it without our knowing its id."""
        fields = {"language": options.language} if options.language else {}
        try:
            reply = self._client.post_file("/v1/upload", file=audio, fields=fields)
            raise_for(reply, key=self._key, pause_ms=UPLOAD_PAUSE_MS)
            processing_id = _processing_id(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error) from error
        return Answer(State.PROCESSING, raw=reply.body, processing_id=processing_id)

    def check(self, processing_id: str) -> Answer:
        """Ask for the status of an upload."""
        reply = self._client.get("/v1/status", query={"processing_id": processing_id})
        if reply.status_code == 404:
            raise UnknownJob("The provider does not know this upload any more", status_code=404)
        raise_for(reply, key=self._key, pause_ms=STATUS_PAUSE_MS)
        return self._answer(processing_id, reply)

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer."""
        return read_document(decode(raw))

    def _answer(self, processing_id: str, reply: Reply) -> Answer:
        data = read_json(reply)
        status = data.get("status")
        if not isinstance(status, str):
            raise BadAnswer("The provider's answer has no status", status_code=reply.status_code)
        if status.lower() in NOT_YET:
            is_queued = bool(QUEUED & {status.lower(), str(data.get("stage")).lower()})
            progress = None if is_queued else _progress(data.get("progress"))
            return Answer(State.PROCESSING, reply.body, processing_id, progress=progress, is_queued=is_queued)
        if status.lower() == "completed":
            return Answer(State.COMPLETED, reply.body, processing_id, progress=1.0)
        message = sentence_of(data, key=self._key) or f"The provider gave up on this audio (status {status[:40]!r})"
        return Answer(State.FAILED, reply.body, processing_id, message=message, code=_code(data))


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
