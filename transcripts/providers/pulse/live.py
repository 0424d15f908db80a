"""Pulse's live socket, `/waves/v1/stt/live`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.errors import Busy, MediaRefused, ProviderError, QuotaExceeded, RateLimited, Unreachable
from transcripts.providers.live import (
    RATE_HZ,
    Ended,
    Failed,
    LiveLimits,
    Partial,
    Speech,
    read_message,
    refusal,
    socket_url,
)
from transcripts.providers.parsing.finals import read_finals
from transcripts.providers.registry import PULSE_LIVE_LANGUAGES
from transcripts.providers.wire import Handshake, read_ms, read_text, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

LIMITS = LiveLimits(frame_bytes=(1_024, 4_096, 8_192))
LANGUAGES = (*PULSE_LIVE_LANGUAGES, "north_indic", "multi-asian", "multi-south-indic")


class PulseLive:
    """The codec; see `LiveCodec` for what each part promises. It counts the finals, for its partials have no names."""

    limits = LIMITS
    waits_for_ready = False

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = connection
        self._language = _wire_language(options.language)
        self._finals = 0

    def connect(self) -> Handshake:
        """The address with what is wished; the key as a header."""
        query = {
            "model": "pulse",
            "language": self._language,
            "encoding": LIMITS.encoding,
            "sample_rate": str(RATE_HZ),
            "word_timestamps": "true",
            "diarize": "true",
            "vad_events": "true",
        }
        key = self._connection.api_key.strip()
        url = socket_url(self._connection, "/waves/v1/stt/live", query)
        return Handshake(url, {"Authorization": f"Bearer {key}"})

    def opening(self) -> Sequence[Frame]:
        """Nothing: the address says it all."""
        return ()

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as they are."""
        return (samples,)

    def keepalive(self) -> Sequence[Frame]:
        """Any time there is no audio."""
        return (json.dumps({"type": "keepalive"}),)

    def finish(self) -> Sequence[Frame]:
        """The rest is answered, the last message of it marked as such."""
        return (json.dumps({"type": "close_stream"}),)

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """A message may hold both words and the end."""
        data = read_message(frame)
        match data.get("type"):
            case "transcription":
                return self._transcription(data)
            case "speech_started" | "speech_ended" as kind:
                return (Speech(is_heard=kind == "speech_started", at_ms=read_ms(data.get("timestamp"))),)
            case "error" | None if "error" in data or data.get("type") == "error":
                return (Failed(self._error(data)),)
        return ()

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads."""
        return refusal(status_code, headers, key=self._connection.api_key)

    def closed(self, code: int, reason: str) -> ProviderError:
        """1008 is how it says that the account has no live session to spare."""
        if code == 1008:
            return RateLimited("The provider has reached its limit of live sessions for this account")
        if code == 1011:
            return Busy("The provider has an internal error")
        return Unreachable("The live connection to the provider ended")

    def _transcription(self, data: dict[str, Any]) -> Sequence[LiveEvent]:
        events: list[LiveEvent] = []
        key, text = str(self._finals), read_text(data.get("transcript") or data.get("transcription"))
        if data.get("is_final") is True:
            events += read_finals(key, text, data.get("words"), data.get("language"))
            self._finals += 1
        elif text:
            events.append(Partial(key, text))
        if data.get("is_last") is True:
            events.append(Ended())
        return events

    def _error(self, data: dict[str, Any]) -> ProviderError:
        sentence = sentence_of(data, key=self._connection.api_key) or "The provider has an internal error"
        if "LANGUAGE_NOT_ENABLED_IN_REGION" in sentence:
            return MediaRefused(
                "This region of the provider doesn’t support the language; try the other one "
                "(api.smallest.ai, api.us.smallest.ai)"
            )
        is_plan = any(word in sentence.lower() for word in ("upgrade", "trial", "credit"))
        return (QuotaExceeded if is_plan else Busy)(sentence)


def _wire_language(language: str | None) -> str:
    """Its codes have no regions; the names of its groups of languages stay as they are."""
    known = language if language in LANGUAGES else (language or "").partition("-")[0].lower()
    if known not in LANGUAGES:
        raise MediaRefused("Pulse requires the language of live speech, one of: " + ", ".join(LANGUAGES))
    return known
