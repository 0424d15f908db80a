"""Reverie: one request carries a short recording in an Indian language there and its words back, without times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document import Document
from transcripts.providers.base import Answer, Health, State
from transcripts.providers.errors import AuthenticationFailed, BadAnswer, MediaRefused, UnknownJob
from transcripts.providers.http import Client
from transcripts.providers.media_types import name_of, type_of
from transcripts.providers.parsing.listed import read_lists
from transcripts.providers.wire import (
    MAX_SENTENCE,
    decode,
    raise_for,
    read_json,
    read_text,
    sentence_of,
    unless_taken,
)

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.providers.base import Connection, Options

PATH = "/"
ENGINE = "Reverie"
APPLICATION = "stt_file"
DOMAIN = "generic"
# By content type; what is not among them is named by its file's extension.
FORMATS = {"audio/wav": "16k_int16", "audio/mpeg": "mp3", "audio/flac": "flac"}
# What its address says to a question, for which it documents nothing: it is there, and looked at no key.
THERE = frozenset({200, 400, 404, 405})
NO_REASON = "Reverie could not transcribe it, and gave no reason"


class Reverie:
    """The adapter; see `Provider` for what each call promises. `submit` needs a language.

    Its key has two parts, given as `APP_ID:KEY`. The account's model is the domain of what is said.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._application, _, self._key = (part.strip() for part in connection.api_key.partition(":"))

    def health(self) -> Health:
        """Ask whether it is there; without an upload it says nothing of the key."""
        reply = self._client().get(PATH)
        if reply.status_code not in THERE:
            raise_for(reply, key=self._key, pause_ms=None)
        return Health(engine=ENGINE, is_key_verified=False)

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio and wait for the words."""
        headers = _wishes(audio, options, domain=self._connection.model or DOMAIN)
        client, reply = self._client(), None
        try:
            reply = client.post_file(
                PATH,
                file=audio,
                filename=name_of(audio, options),
                content_type=type_of(audio, options),
                fields={},
                part="audio_file",
                headers=headers,
            )
            raise_for(reply, key=self._key, pause_ms=None)
            self._refuse_failed(read_json(reply))
        except BadAnswer as error:
            raise unless_taken(error, reply) from error
        return Answer(State.COMPLETED, raw=reply.body, progress=1.0)

    def check(self, processing_id: str) -> Answer:
        """There is nothing to ask for. Raises UnknownJob."""
        raise UnknownJob("Reverie answers immediately and stores nothing to ask for")

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer: one text without times, in the language that it was asked in."""
        return Document(segments=read_lists(None, None, _text(decode(raw))), engine=ENGINE)

    def _client(self) -> Client:
        if not self._application or not self._key:
            raise AuthenticationFailed("Reverie’s key has two parts; give both as APP_ID:KEY")
        key = {"REV-APPNAME": APPLICATION, "REV-APP-ID": self._application, "REV-API-KEY": self._key}
        return Client(self._connection, credentials=key)

    def _refuse_failed(self, data: dict[str, Any]) -> None:
        if data.get("success") is False:
            sentence = sentence_of(data, key=self._key) or read_text(data.get("cause")).replace(self._key, "***")
            raise MediaRefused(f"Reverie could not transcribe it: {sentence}"[:MAX_SENTENCE] if sentence else NO_REASON)
        _text(data)


def _wishes(audio: Path, options: Options, *, domain: str) -> dict[str, str]:
    """Return what goes as headers beside the audio. Raises MediaRefused without a language."""
    if not options.language:
        raise MediaRefused("Reverie can’t detect the language. Choose the language and transcribe again.")
    kind = type_of(audio, options)
    return {
        "src_lang": options.language.partition("-")[0].lower(),
        "domain": domain,
        "format": FORMATS.get(kind) or audio.suffix.lstrip(".").lower() or kind.rpartition("/")[2],
        "punctuate": "true" if options.punctuates else "false",
        # Neither the audio nor the words are to stay there.
        "logging": "false",
    }


def _text(data: dict[str, Any]) -> str:
    """Return the text as it is to be shown, else as it was said. Raises BadAnswer if there is neither."""
    texts = [data[name] for name in ("display_text", "text") if isinstance(data.get(name), str)]
    if not texts:
        raise BadAnswer("The provider's answer holds no transcription", status_code=200)
    return next(filter(None, map(read_text, texts)), "")
