"""Deepgram: one request carries the audio there and the transcript back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document import Document
from transcripts.document.languages import most_spoken
from transcripts.providers.base import Answer, Health, State
from transcripts.providers.deepgram.wishes import languages, spelled, wishes
from transcripts.providers.errors import BadAnswer, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import type_of
from transcripts.providers.parsing.documents import LONGEST_ENGINE
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.parsing.listed import read_lists
from transcripts.providers.wire import (
    decode,
    dicts,
    raise_for,
    read_confidence,
    read_json,
    read_ms,
    read_text,
    unless_taken,
)

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.providers.base import Connection, Options

PATH = "/v1/listen"
# Lists what the key can use; the list of models needs no key and proves nothing.
HEALTH_PATH = "/v1/projects"
ENGINE = "Deepgram"


class Deepgram:
    """The adapter; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._client = Client(connection, key_prefix="Token ")
        self._connection = connection

    def health(self) -> Health:
        """Ask for the projects of the key."""
        reply = self._client.get(HEALTH_PATH)
        raise_for(reply, key=self._connection.api_key, pause_ms=None)
        read_json(reply)
        return Health(engine=ENGINE)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio and wait for the words."""
        language = languages(self._connection, options) or {"detect_language": "true"}
        query = {**wishes(self._connection, options), **language, "utterances": "true"}
        reply = None
        try:
            reply = self._client.post_body(PATH, file=audio, content_type=type_of(audio, options), query=query)
            raise_for(reply, key=self._connection.api_key, pause_ms=None)
            _channels(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.COMPLETED, raw=reply.body, progress=1.0)

    def check(self, processing_id: str) -> Answer:
        """There is nothing to ask for. Raises UnknownJob."""
        raise UnknownJob("Deepgram answers immediately and stores nothing to ask for")

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer."""
        data = decode(raw)
        channels = _channels(data)
        best = [alternative for channel in channels for alternative in dicts(channel.get("alternatives"))[:1]]
        text = " ".join(filter(None, (read_text(one.get("transcript")) for one in best)))
        words = [word for one in best for word in dicts(spelled(one.get("words")))]
        segments = read_lists(_utterances(data["results"].get("utterances")), words, text)
        first = channels[0] if channels else {}
        return Document(
            segments=segments,
            language=read_language(first.get("detected_language")) or most_spoken(segments),
            duration_ms=read_ms(_metadata(data).get("duration")),
            engine=_engine(_metadata(data)),
            language_probability=read_confidence(first.get("language_confidence")),
        )


def _channels(data: dict[str, Any]) -> list[dict[str, Any]]:
    results = data.get("results")
    if not isinstance(results, dict) or not isinstance(results.get("channels"), list):
        raise BadAnswer("The provider's answer holds no transcription", status_code=200)
    return dicts(results["channels"])


def _utterances(listed: object) -> list[dict[str, Any]]:
    """As segments; their words are listed a second time, for the whole channel."""
    return [
        {
            "text": utterance.get("transcript"),
            "words": spelled(utterance.get("words")),
            **{name: utterance.get(name) for name in ("start", "end", "speaker")},
        }
        for utterance in dicts(listed)
    ]


def _metadata(data: dict[str, Any]) -> dict[str, Any]:
    metadata = data.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _engine(metadata: dict[str, Any]) -> str:
    models = metadata.get("model_info")
    named = (one.get("name") for one in models.values() if isinstance(one, dict)) if isinstance(models, dict) else ()
    name = next(filter(None, map(read_text, named)), "")
    return f"{ENGINE} {name}".strip()[:LONGEST_ENGINE]
