"""Speechmatics' live socket, `/v2`: a session is begun with a message, audio is counted, and a last message ends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.document import Segment, scripts
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.live import (
    RATE_HZ,
    Ended,
    Failed,
    LiveLimits,
    Partial,
    Ready,
    close_of,
    read_message,
    refusal,
    socket_url,
    with_live_host,
)
from transcripts.providers.parsing.documents import read_words, with_text
from transcripts.providers.parsing.finals import finals_of
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.speechmatics.results import first_language, text_of, words_of
from transcripts.providers.speechmatics.wishes import for_live
from transcripts.providers.wire import Handshake, read_text, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

LIMITS = LiveLimits(encoding="pcm_s16le", keepalive_ms=None, idle_ms=None)
# Its live service has hosts of its own beside those for recordings.
HOSTS = {
    "asr.api.speechmatics.com": "eu2.rt.speechmatics.com",
    "eu1.asr.api.speechmatics.com": "eu2.rt.speechmatics.com",
    "us1.asr.api.speechmatics.com": "us2.rt.speechmatics.com",
}
TYPES: dict[str, type[ProviderError]] = {
    "not_authorised": AuthenticationFailed,
    "insufficient_funds": QuotaExceeded,
    "timelimit_exceeded": QuotaExceeded,
    "not_allowed": Refused,
    # So many sessions at the same time as the contract allows.
    "quota_exceeded": RateLimited,
    "invalid_model": MediaRefused,
    "invalid_language": MediaRefused,
    "invalid_config": Refused,
    "invalid_message": Refused,
    "invalid_audio_type": Refused,
    "protocol_error": Refused,
    "data_error": Unreachable,
    "buffer_error": Unreachable,
    "idle_timeout": Unreachable,
    "session_timeout": Unreachable,
    "session_transfer": Unreachable,
}
CLOSES: dict[int, tuple[type[ProviderError], str]] = {
    1003: (Refused, "The provider rejected a message as invalid"),
    1008: (Refused, "The provider rejected the session"),
    1011: (Busy, "The provider has an internal error"),
    4001: (AuthenticationFailed, "The provider does not accept the key"),
    4003: (Refused, "The provider does not allow this"),
    4004: (MediaRefused, "The provider does not support the language or the model"),
    4005: (RateLimited, "The provider has reached its limit of live sessions for this account"),
    4006: (QuotaExceeded, "The provider's quota is used up"),
    4013: (Busy, "The provider has no server to spare"),
}


class SpeechmaticsLive:
    """The codec; see `LiveCodec` for what each part promises.

    It counts the frames of audio, whose number the end names, and the finals, for its partials have no names.
    """

    limits = LIMITS
    waits_for_ready = True

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = with_live_host(connection, HOSTS)
        self._wishes = for_live(options, connection.model)
        self._frames = self._finals = 0

    def connect(self) -> Handshake:
        """The address; the key as a header."""
        url = socket_url(self._connection, "/v2", {}).rstrip("?")
        return Handshake(url, {"Authorization": f"Bearer {self._connection.api_key.strip()}"})

    def opening(self) -> Sequence[Frame]:
        """What is wished; the provider answers that it listens."""
        sound = {"type": "raw", "encoding": LIMITS.encoding, "sample_rate": RATE_HZ}
        return (_message("StartRecognition", audio_format=sound, transcription_config=self._wishes),)

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as they are."""
        self._frames += 1
        return (samples,)

    def keepalive(self) -> Sequence[Frame]:
        """There is none."""
        return ()

    def finish(self) -> Sequence[Frame]:
        """The rest is answered, then comes its end."""
        return (_message("EndOfStream", last_seq_no=self._frames),)

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """One message is one event, or one a voice."""
        data = read_message(frame)
        match data.get("message"):
            case "RecognitionStarted":
                return (Ready(read_text(data.get("id"))),)
            case "AddPartialTranscript":
                return (Partial(str(self._finals), text_of(words_of(data.get("results")))),)
            case "AddTranscript":
                return self._final(data)
            case "EndOfTranscript":
                return (Ended(),)
            case "Error":
                return (Failed(self._error(data)),)
        return ()

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads."""
        return refusal(status_code, headers, key=self._connection.api_key)

    def closed(self, code: int, reason: str) -> ProviderError:
        """By the code; the reason is for people and may hold anything."""
        return close_of(code, CLOSES)

    def _final(self, data: dict[str, Any]) -> Sequence[LiveEvent]:
        """What is final; without words it withdraws what seemed to be said."""
        key = str(self._finals)
        self._finals += 1
        language = read_language(first_language(data.get("results")))
        return finals_of(key, _segments(words_of(data.get("results"))), language)

    def _error(self, data: dict[str, Any]) -> ProviderError:
        said = {"message": data.get("reason")}
        sentence = sentence_of(said, key=self._connection.api_key) or "The provider has an internal error"
        return TYPES.get(str(data.get("type")), Busy)(sentence)


def _message(kind: str, **more: Any) -> str:
    return json.dumps({"message": kind, **more})


def _segments(listed: list[dict[str, Any]]) -> tuple[Segment, ...]:
    """Segments of words; punctuation that belongs to the final before this one is a segment of its own."""
    if len(listed) > 1 and scripts.closes(listed[0]["word"]):
        return (*_segments(listed[:1]), *_segments(listed[1:]))
    pairs = read_words(listed)
    segments = with_text([word for word, _ in pairs], [voice for _, voice in pairs], "") if pairs else ()
    # Of nothing but punctuation no segment is made.
    return segments or ((Segment(text_of(listed)),) if listed else ())
