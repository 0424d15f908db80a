"""SpeechStream's live socket, `/v1/stream`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    MediaRefused,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    TooSlow,
    Unreachable,
)
from transcripts.providers.live import (
    RATE_HZ,
    Ended,
    Failed,
    Final,
    LiveLimits,
    Partial,
    Ready,
    close_of,
    is_punctuation,
    read_message,
    refusal,
    socket_url,
)
from transcripts.providers.parsing.documents import read_segments
from transcripts.providers.speechstream.vocabulary import listed_in_query
from transcripts.providers.wire import Handshake, read_ms, read_text, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

LIMITS = LiveLimits(pace=2.0, answer_ms=5_000)
CLOSES: dict[int, tuple[type[ProviderError], str]] = {
    1001: (Busy, "The provider is shutting down"),
    1011: (Busy, "The provider has an internal error"),
    4401: (AuthenticationFailed, "The provider does not accept the key"),
    4408: (Unreachable, "The provider received no audio for too long"),
    4413: (Refused, "The provider rejected the audio frames as too large"),
    4424: (TooSlow, "The provider is too slow for live transcription in this language"),
    4429: (RateLimited, "The provider has reached its limit of live sessions"),
}
CODES: dict[str, type[ProviderError]] = {
    "unauthorized": AuthenticationFailed,
    "language_not_supported": MediaRefused,
    "invalid_audio": MediaRefused,
    "quota_exceeded": QuotaExceeded,
    "rate_limited": RateLimited,
    "too_many_sessions": RateLimited,
    "too_slow": TooSlow,
}


class SpeechStreamLive:
    """The codec; see `LiveCodec` for what each part promises."""

    limits = LIMITS
    waits_for_ready = True

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = connection
        self._options = options

    def connect(self) -> Handshake:
        """The address with what is wished; the key as a header."""
        query = {"encoding": LIMITS.encoding, "sample_rate": str(RATE_HZ), "diarize": "true"}
        if self._options.language:
            query["language"] = self._options.language
        if vocabulary := listed_in_query(self._options.vocabulary):
            query["vocabulary"] = vocabulary
        key = self._connection.api_key.strip()
        return Handshake(socket_url(self._connection, "/v1/stream", query), {"Authorization": f"Bearer {key}"})

    def opening(self) -> Sequence[Frame]:
        """Nothing: the address says it all."""
        return ()

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as they are."""
        return (samples,)

    def keepalive(self) -> Sequence[Frame]:
        """Any time there is no audio."""
        return (_control("keepalive"),)

    def finish(self) -> Sequence[Frame]:
        """The rest is answered, then the socket closes."""
        return (_control("close_stream"),)

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """One message is one event, or none."""
        data = read_message(frame)
        match data.get("type"):
            case "ready":
                return (Ready(str(data.get("session_id") or "")),)
            case "partial":
                return (Partial(_key(data), read_text(data.get("text"))),)
            case "final":
                return _final(data)
            case "closed":
                return (Ended(),)
            case "error":
                return (Failed(self._error(data)),)
        return ()

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads."""
        return refusal(status_code, headers, key=self._connection.api_key)

    def closed(self, code: int, reason: str) -> ProviderError:
        """By the code; the reason is for people and may hold anything."""
        return close_of(code, CLOSES)

    def _error(self, data: dict[str, Any]) -> ProviderError:
        sentence = sentence_of(data, key=self._connection.api_key) or "The provider has an internal error"
        pause_ms = read_ms(data.get("retry_after")) or None
        return CODES.get(str(data.get("code")), Busy)(sentence, retry_after_ms=pause_ms)


def _control(kind: str) -> str:
    return json.dumps({"type": kind})


def _key(data: dict[str, Any]) -> str:
    return str(data.get("segment", ""))


def _final(data: dict[str, Any]) -> Sequence[LiveEvent]:
    """A final that says nothing only takes back what seemed to be said."""
    segments = read_segments([data])
    if not segments:
        return (Partial(_key(data), ""),)
    return (Final(_key(data), segments[0], is_tail=is_punctuation(segments[0].text)),)
