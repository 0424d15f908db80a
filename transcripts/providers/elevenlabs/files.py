"""ElevenLabs Scribe: one request carries the audio there and the transcript back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from transcripts.document import Document
from transcripts.providers.base import Answer, Health, State
from transcripts.providers.elevenlabs.errors import is_without_permission, raise_for_reply
from transcripts.providers.elevenlabs.models import FILES, MODEL
from transcripts.providers.errors import BadAnswer, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import name_of, type_of
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.parsing.listed import read_lists
from transcripts.providers.wire import (
    MAX_NUMBER,
    decode,
    dicts,
    read_confidence,
    read_json,
    read_ms,
    read_text,
    unless_taken,
)

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.providers.base import Connection, Options

PATH = "/v1/speech-to-text"
HEALTH_PATH = "/v1/user"
ENGINE = "ElevenLabs Scribe"
MOST_SPEAKERS = 32


class ElevenLabs:
    """The adapter; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection, key_header="xi-api-key", key_prefix="")
        self._connection = connection

    def health(self) -> Health:
        """Ask whose key it is; one that is limited to transcription is a good one too."""
        reply = self._client.get(HEALTH_PATH)
        if not is_without_permission(reply):
            raise_for_reply(reply, key=self._connection.api_key)
            read_json(reply)
        return Health(engine=ENGINE)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio and wait for the words."""
        reply = None
        try:
            reply = self._client.post_file(
                PATH,
                file=audio,
                filename=name_of(audio, options),
                content_type=type_of(audio, options),
                fields=_fields(self._connection.model or MODEL, options),
            )
            raise_for_reply(reply, key=self._connection.api_key)
            _transcripts(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.COMPLETED, raw=reply.body, progress=1.0)

    def check(self, processing_id: str) -> Answer:
        """There is nothing to ask for. Raises UnknownJob."""
        raise UnknownJob("ElevenLabs answers immediately and stores nothing to ask for")

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer, one transcript or one a channel."""
        data = decode(raw)
        transcripts = _transcripts(data)
        text = " ".join(filter(None, (read_text(one.get("text")) for one in transcripts)))
        words = [word for one in transcripts for word in spoken(one.get("words"))]
        first = transcripts[0] if transcripts else {}
        return Document(
            segments=read_lists(None, words, text),
            language=read_language(first.get("language_code")),
            duration_ms=read_ms(data.get("audio_duration_secs", first.get("audio_duration_secs"))),
            engine=ENGINE,
            language_probability=read_confidence(first.get("language_probability")),
        )


def _fields(model: str, options: Options) -> dict[str, str | list[str]]:
    rule = FILES.of(model).vocabulary
    terms = [term.text for term in rule.fitting(options.vocabulary)] if rule else []
    counts = options.separates_speakers and options.speakers is not None
    return {
        "model_id": model,
        "timestamps_granularity": "word",
        "tag_audio_events": "false",
        "diarize": "true" if options.separates_speakers else "false",
        **({"language_code": options.language.partition("-")[0].lower()} if options.language else {}),
        **({"num_speakers": str(min(options.speakers or 1, MOST_SPEAKERS))} if counts else {}),
        **({"keyterms": terms} if terms else {}),
    }


def _transcripts(data: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(data.get("transcripts"), list):
        return dicts(data["transcripts"])
    if not isinstance(data.get("text"), str) and not isinstance(data.get("words"), list):
        raise BadAnswer("The provider's answer holds no transcription", status_code=200)
    return [data]


def spoken(listed: object) -> list[dict[str, Any]]:
    """Return what is listed but the spaces, with a probability in place of its logarithm."""
    return [
        {
            "word": one.get("text"),
            "start": one.get("start"),
            "end": one.get("end"),
            "speaker": one.get("speaker_id"),
            "confidence": _probability(one.get("logprob")),
        }
        for one in dicts(listed)
        if one.get("type") != "spacing" or read_text(one.get("text"))
    ]


def _probability(logarithm: object) -> float | None:
    if isinstance(logarithm, bool) or not isinstance(logarithm, int | float):
        return None
    # A whole number may be too large for a float; NaN is below nothing
    return math.exp(min(float(logarithm), 0.0)) if abs(logarithm) <= MAX_NUMBER else None
