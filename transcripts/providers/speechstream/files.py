"""SpeechStream: an upload gives a processing id, and the id is asked for until the transcript is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.base import Answer, Health, Options, State
from transcripts.providers.errors import BadAnswer, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import name_of, type_of
from transcripts.providers.parsing.documents import LONGEST_ENGINE, has_text, read_document
from transcripts.providers.parsing.ids import id_in
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.speechstream.times import read_times
from transcripts.providers.speechstream.vocabulary import listed
from transcripts.providers.wire import (
    decode,
    raise_for,
    read_confidence,
    read_json,
    read_text,
    sentence_of,
    unless_taken,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from transcripts.document import Document
    from transcripts.providers.base import Connection
    from transcripts.providers.wire import Reply

# Waits for a 429 that names none.
UPLOAD_PAUSE_MS = 60_000
STATUS_PAUSE_MS = 5_000
# The words for "not yet", of the documentation and of more lenient servers.
NOT_YET = frozenset({"processing", "queued", "pending", "uploaded", "in_progress"})
# Words for audio that was taken and is not being worked on yet, as a status or beside one.
QUEUED = frozenset({"queued", "pending", "uploaded"})
GAVE_UP = frozenset({"failed", "failure", "error", "cancelled", "canceled", "rejected", "expired"})


class SpeechStream:
    """The adapter; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection)
        self._key = connection.api_key

    def health(self) -> Health:
        """Ask /health, then /v1/health; a server with neither is there, but says nothing of its key."""
        for path in ("/health", "/v1/health"):
            reply = self._client.get(path)
            if reply.status_code != 404:
                raise_for(reply, key=self._key, pause_ms=STATUS_PAUSE_MS)
                return _health(read_json(reply))
        return Health(is_key_verified=False)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Upload the audio. Raises Ambiguous if the provider may have taken it, Unreadable if it did and told no id."""
        return self._send(audio, options, _wishes(options))

    def _send(self, audio: Path, options: Options, fields: dict[str, str]) -> Answer:
        reply = None
        try:
            reply = self._client.post_file(
                "/v1/upload",
                file=audio,
                filename=name_of(audio, options),
                content_type=type_of(audio, options),
                fields=fields,
            )
            raise_for(reply, key=self._key, pause_ms=UPLOAD_PAUSE_MS)
            processing_id = id_in(reply, "processing_id")
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.PROCESSING, raw=reply.body, processing_id=processing_id)

    def check(self, processing_id: str) -> Answer:
        """Ask for the status of an upload."""
        reply = self._client.get("/v1/status", query={"processing_id": processing_id})
        if reply.status_code == 404:
            raise UnknownJob("The provider no longer knows this upload", status_code=404)
        raise_for(reply, key=self._key, pause_ms=STATUS_PAUSE_MS)
        return self._answer(processing_id, reply)

    def align(self, audio: Path, words: Sequence[tuple[str, float]], language: str) -> Answer:
        """Upload audio with its words, to learn when they are spoken. Raises what `submit` raises."""
        options = Options(language=language)
        return self._send(audio, options, {"language": language, "words": json.dumps(words)})

    def times(self, raw: bytes) -> list[tuple[int, int] | None]:
        """Read when the words are spoken."""
        return read_times(decode(raw))

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer."""
        return read_document(decode(raw))

    def _answer(self, processing_id: str, reply: Reply) -> Answer:
        data = read_json(reply)
        status = read_text(data.get("status"))
        if status.lower() in NOT_YET:
            is_queued = bool(QUEUED & {status.lower(), str(data.get("stage")).lower()})
            progress = None if is_queued else read_confidence(data.get("progress"))
            return Answer(State.PROCESSING, reply.body, processing_id, progress=progress, is_queued=is_queued)
        # An undocumented field is no reason to throw away a transcript.
        if status.lower() == "completed" or (status.lower() not in GAVE_UP and has_text(data)):
            return Answer(State.COMPLETED, reply.body, processing_id, progress=1.0)
        if not status:
            raise BadAnswer("The provider's answer has no status", status_code=reply.status_code)
        message = sentence_of(data, key=self._key) or f"The provider gave up on this audio (status {status[:40]!r})"
        return Answer(State.FAILED, reply.body, processing_id, message=message, code=_code(data))


def _wishes(options: Options) -> dict[str, str]:
    """What is sent beside the audio; what is left out the provider finds out."""
    wishes = {
        "language": options.language,
        "speakers": options.speakers,
        "vocabulary": listed(options.vocabulary),
        "webhook_url": options.callback,
    }
    return {name: str(wish) for name, wish in wishes.items() if wish}


def _code(data: dict[str, Any]) -> str:
    error = data.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return read_text(code)


def _health(data: dict[str, Any]) -> Health:
    languages = data.get("languages")
    named = map(read_language, languages) if isinstance(languages, list) else None
    known = None if named is None else tuple(tag for tag in named if tag)
    engine = read_text(data.get("engine"))[:LONGEST_ENGINE]
    aligns = data.get("aligns") is True
    return Health(engine=engine, is_draft=data.get("draft") is True, languages=known, aligns=aligns)
