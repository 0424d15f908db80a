"""Pulse by Smallest AI: one request carries the audio there and the transcript back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document import Document
from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import BadAnswer, MediaRefused, QuotaExceeded, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import type_of
from transcripts.providers.parsing.documents import has_text, read_document
from transcripts.providers.parsing.listed import read_lists
from transcripts.providers.wire import decode, raise_for, read_json, read_ms, said, sentence_of, unless_taken

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.wire import Reply

MODEL = "pulse"
ENGINE = "Pulse"
# With its last slash: from the path without it there is at best a redirect, which takes no upload along.
SUBMIT_PATH = "/waves/v1/stt/"
# The hosted service's, then that of the container people run themselves.
HEALTH_PATHS = ("/waves/v1/health", "/health")
# What a refusal says that is about the plan and not about the audio or the key.
PLAN_WORDS = {400: ("upgrade",), 403: ("upgrade", "plan", "trial", "credit")}
WRONG_REGION = "LANGUAGE_NOT_ENABLED_IN_REGION"


class Pulse:
    """The adapter; see `Provider` for what each call promises. `submit` needs a language or an aggregator."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection)
        self._key = connection.api_key

    def health(self) -> Health:
        """Ask whether it is there. It answers without looking at the key, so that stays unverified."""
        for path in HEALTH_PATHS:
            reply = self._client.get(path)
            if reply.status_code != 404:
                raise_for(reply, key=self._key, pause_ms=None)
                read_json(reply)
                break
        return Health(engine=ENGINE, is_key_verified=False)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio and wait for the words."""
        query = {
            "model": MODEL,
            "language": _wire_language(options.language),
            "word_timestamps": "true",
            "diarize": "true",
        }
        content_type = type_of(audio, options)
        reply = None
        try:
            reply = self._client.post_body(SUBMIT_PATH, file=audio, content_type=content_type, query=query)
            self._raise_for(reply)
            self._look_at(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.COMPLETED, raw=reply.body, progress=1.0)

    def check(self, processing_id: str) -> Answer:
        """There is nothing to ask for. Raises UnknownJob."""
        raise UnknownJob("Pulse answers immediately and stores nothing to ask for")

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer."""
        data = decode(raw)
        whole = read_document({name: data[name] for name in ("transcription", "language") if name in data})
        metadata = data.get("metadata")
        duration_ms = read_ms(metadata.get("duration")) if isinstance(metadata, dict) else None
        segments = read_lists(data.get("utterances"), data.get("words"), whole.text)
        return Document(segments=segments, language=whole.language, duration_ms=duration_ms, engine=ENGINE)

    def _raise_for(self, reply: Reply) -> None:
        sentence = said(reply, key=self._key)
        if any(word in sentence.lower() for word in PLAN_WORDS.get(reply.status_code, ())):
            raise QuotaExceeded(sentence, status_code=reply.status_code)
        if reply.status_code == 400 and WRONG_REGION.encode() in reply.body:
            raise MediaRefused(
                "This region of the provider doesn’t support the language; try the other one "
                "(api.smallest.ai, api.us.smallest.ai)",
                status_code=400,
            )
        raise_for(reply, key=self._key, pause_ms=None)

    def _look_at(self, data: dict[str, Any]) -> None:
        """Make sure that it is a transcript, and no more: what was paid for is kept before it is read."""
        # Null, if it says that it succeeded, is that there was nothing to transcribe.
        is_null = "transcription" in data and data["transcription"] is None and data.get("status") == "success"
        if isinstance(data.get("transcription"), str) or is_null or has_text(data):
            return
        if data.get("status") in ("error", "failed", False) and (sentence := sentence_of(data, key=self._key)):
            raise MediaRefused(sentence, status_code=200)
        raise BadAnswer("The provider's answer holds no transcription", status_code=200)


def _wire_language(language: str | None) -> str:
    """Its codes have no regions; its aggregators (`multi-eu`) stay as they are."""
    if not language:
        raise MediaRefused("Pulse requires a language or one of its language groups")
    return language if language.startswith("multi-") else language.partition("-")[0].lower()
