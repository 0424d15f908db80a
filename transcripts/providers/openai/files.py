"""OpenAI and the servers that speak its API: one request carries the audio there and the transcript back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import BadAnswer, MediaRefused, Refused, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import name_of, type_of
from transcripts.providers.openai.dialects import at, fields
from transcripts.providers.openai.errors import raise_for_reply
from transcripts.providers.openai.reading import look_at, read
from transcripts.providers.parsing.documents import LONGEST_ENGINE
from transcripts.providers.wire import decode, read_json, sentence_of, unless_taken

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.document import Document
    from transcripts.providers.base import Connection, Options
    from transcripts.providers.openai.dialects import Dialect, Shape
    from transcripts.providers.wire import Reply

# What a refusal names if the model has no times to give.
FORMAT_WORDS = (b"response_format", b"timestamp_granularities")


class OpenAI:
    """The adapter for any dialect; see `Provider` for what each call promises."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._client = Client(connection)
        self._connection, self._dialect = connection, dialect
        self._model = dialect.for_files(connection.model)

    def health(self) -> Health:
        """Ask for the models, which proves the key; a server without such an address is there, and says no more."""
        reply = self._client.get(self._at(self._dialect.health_path))
        if reply.status_code == 404 and self._dialect.is_own:
            return Health(engine=self._engine(), is_key_verified=False)
        raise_for_reply(reply, key=self._connection.api_key)
        read_json(reply)
        return Health(engine=self._engine(), is_key_verified=self._dialect.proves_key)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio and wait for the words; once more for words alone if the model refuses to give times."""
        if not self._model:
            raise Refused(f"{self._dialect.name} needs a model. Name it in the provider account, or as STT_MODEL.")
        shape = self._dialect.of_model(self._model).shape
        reply = None
        try:
            reply = self._send(audio, options, shape)
            if shape != "json" and _refuses_shape(reply):
                reply = None  # the first answer says nothing of the second request
                reply = self._send(audio, options, "json")
            raise_for_reply(reply, key=self._connection.api_key)
            self._look_at(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.COMPLETED, raw=reply.body, progress=1.0)

    def check(self, processing_id: str) -> Answer:
        """There is nothing to ask for. Raises UnknownJob."""
        raise UnknownJob(f"{self._dialect.name} answers immediately and stores nothing to ask for")

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer."""
        return read(decode(raw), engine=self._engine())

    def _send(self, audio: Path, options: Options, shape: Shape) -> Reply:
        return self._client.post_file(
            self._at(self._dialect.upload_path),
            file=audio,
            filename=name_of(audio, options),
            content_type=type_of(audio, options),
            fields=fields(self._dialect, self._model, options, shape),
        )

    def _at(self, path: str) -> str:
        return at(self._connection.endpoint, path)

    def _engine(self) -> str:
        return f"{self._dialect.name} {self._model}".strip()[:LONGEST_ENGINE]

    def _look_at(self, data: dict[str, Any]) -> None:
        # whisper.cpp says with a 200 that it can't read the audio.
        if "error" in data and "text" not in data and (sentence := sentence_of(data, key=self._connection.api_key)):
            raise MediaRefused(sentence, status_code=200)
        look_at(data)


def _refuses_shape(reply: Reply) -> bool:
    return reply.status_code in (400, 422) and any(word in reply.body for word in FORMAT_WORDS)
