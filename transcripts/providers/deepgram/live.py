"""Deepgram's live socket, `/v1/listen`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.deepgram.wishes import SEVERAL, languages, spelled, wishes
from transcripts.providers.errors import Busy, MediaRefused, ProviderError, Unreachable
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
from transcripts.providers.wire import Handshake, dicts, read_ms, read_text, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

# Frames of 20 to 250 ms. After ten seconds without audio or a word of ours it closes.
LIMITS = LiveLimits(frame_bytes=(640, 3_200, 8_000), keepalive_ms=4_000)


class DeepgramLive:
    """The codec; see `LiveCodec` for what each part promises. It counts the finals, for its partials have no names."""

    limits = LIMITS
    waits_for_ready = False

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = connection
        # Live it detects no language; the model for several is the nearest to it.
        self._wishes = {**wishes(connection, options), **(languages(connection, options) or {"language": SEVERAL})}
        self._finals = 0

    def connect(self) -> Handshake:
        """The address with what is wished; the key or a token as a header."""
        query = {
            **self._wishes,
            "encoding": LIMITS.encoding,
            "sample_rate": str(RATE_HZ),
            "channels": "1",
            "interim_results": "true",
            "vad_events": "true",
            "utterance_end_ms": "1000",
        }
        scheme = "Bearer" if self._connection.is_token else "Token"
        credential = {"Authorization": f"{scheme} {self._connection.api_key.strip()}"}
        return Handshake(socket_url(self._connection, "/v1/listen", query), credential)

    def opening(self) -> Sequence[Frame]:
        """Nothing: the address says it all."""
        return ()

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as they are; an empty frame would mean the end."""
        return (samples,) if samples else ()

    def keepalive(self) -> Sequence[Frame]:
        """As text: in a binary frame it would be taken for audio."""
        return (_control("KeepAlive"),)

    def finish(self) -> Sequence[Frame]:
        """What it has is made final, then the session closes; its last message is the metadata."""
        return (_control("Finalize"), _control("CloseStream"))

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """One message is one event, one a voice, or none."""
        data = read_message(frame)
        match data.get("type"):
            case "Results":
                return self._results(data)
            case "SpeechStarted":
                return (Speech(is_heard=True, at_ms=read_ms(data.get("timestamp"))),)
            case "UtteranceEnd":
                return (Speech(is_heard=False, at_ms=read_ms(data.get("last_word_end"))),)
            case "Metadata":
                return (Ended(),)
            case "Error":
                said = {"message": data.get("description") or data.get("message")}
                sentence = sentence_of(said, key=self._connection.api_key)
                return (Failed(Busy(sentence or "The provider has an internal error")),)
        return ()

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads; the body of the answer is in a header."""
        key = self._connection.api_key
        return refusal(status_code, headers, key=key, sentence=headers.get("dg-error", ""))

    def closed(self, code: int, reason: str) -> ProviderError:
        """1011 is either that no audio came in time or a fault of its own."""
        if code == 1008:
            return MediaRefused("The provider can’t decode the audio")
        if code == 1011 and "net" not in reason.lower():
            return Busy("The provider has an internal error")
        return Unreachable("The live connection to the provider ended")

    def _results(self, data: dict[str, Any]) -> Sequence[LiveEvent]:
        channel = data.get("channel")
        best = next(iter(dicts(channel.get("alternatives"))), {}) if isinstance(channel, dict) else {}
        key, text = str(self._finals), read_text(best.get("transcript"))
        if data.get("is_final") is not True:
            return (Partial(key, text),)
        self._finals += 1
        return read_finals(key, text, spelled(best.get("words")), best.get("languages"))


def _control(kind: str) -> str:
    return json.dumps({"type": kind})
