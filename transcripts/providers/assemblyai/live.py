"""AssemblyAI's live socket, `/v3/ws`: what is said comes turn by turn, each message a whole turn so far."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.document import Segment, scripts
from transcripts.providers.assemblyai.files import PLAN_WORDS, language_tag
from transcripts.providers.assemblyai.wishes import for_live
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
    Unreachable,
)
from transcripts.providers.live import (
    BYTES_A_MS,
    RATE_HZ,
    Ended,
    Failed,
    LiveLimits,
    Partial,
    Ready,
    Speech,
    close_of,
    read_message,
    refusal,
    socket_url,
    with_live_host,
)
from transcripts.providers.parsing.documents import read_words, with_text
from transcripts.providers.parsing.finals import finals_of
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.parsing.milliseconds import in_seconds
from transcripts.providers.wire import Handshake, dicts, read_text, read_whole_ms, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

LEAST_MS = 50
LIMITS = LiveLimits(
    encoding="pcm_s16le",
    frame_bytes=(LEAST_MS * BYTES_A_MS, 100 * BYTES_A_MS, 1_000 * BYTES_A_MS),
    # It ends sessions that send faster than people speak.
    pace=1.0,
    idle_ms=None,
    session_ms=3 * 3_600_000,
)
# Its live service has a host of its own beside each of its API.
HOSTS = {"api.assemblyai.com": "streaming.assemblyai.com", "api.eu.assemblyai.com": "streaming.eu.assemblyai.com"}
UNKNOWN_SPEAKER = "UNKNOWN"
# The codes of closes and of error messages, also those that only older servers send.
CODES: dict[int, tuple[type[ProviderError], str]] = {
    1008: (AuthenticationFailed, "The provider does not accept the key"),
    1013: (Busy, "The provider is overloaded"),
    3005: (Busy, "The provider has an internal error"),
    3006: (Refused, "The provider rejected a message as invalid"),
    3007: (Unreachable, "The provider rejected the pace of the audio"),
    3008: (Unreachable, "The provider ended the session because of its age"),
    3009: (RateLimited, "The provider has reached its limit of live sessions for this account"),
    4000: (Refused, "The provider rejected the sample rate"),
    4001: (AuthenticationFailed, "The provider does not accept the key"),
    4002: (QuotaExceeded, "The provider's quota is used up"),
    4003: (QuotaExceeded, "The provider transcribes live only with a paid plan"),
    4004: (Unreachable, "The provider no longer knows the session"),
    4008: (Unreachable, "The provider ended the session because of its age"),
    4010: (Unreachable, "The provider closed the session before"),
    4029: (Unreachable, "The provider rejected the pace of the audio"),
    4031: (Unreachable, "The provider received no audio for too long"),
    4032: (Refused, "The provider rejected the audio frames as too short"),
    4033: (Refused, "The provider rejected the audio frames as too long"),
    4034: (Refused, "The provider rejected the audio frames as too short"),
    4100: (Refused, "The provider rejected a message as invalid"),
    4101: (Refused, "The provider rejected a message as invalid"),
    4102: (RateLimited, "The provider has reached its limit of live sessions for this account"),
}


class AssemblyAILive:
    """The codec; see `LiveCodec` for what each part promises.

    A turn that ended comes once more with punctuation. `_ended` is the one that waits for it: if something else comes
    instead, it is final as it is. `_last` is the number of the latest turn that became final.
    """

    limits = LIMITS
    waits_for_ready = True

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = with_live_host(connection, HOSTS)
        self._options = options
        self._ended: dict[str, Any] | None = None
        self._last = -1

    def connect(self) -> Handshake:
        """The address with what is wished; the key or a token, alone, as a header."""
        query = {"sample_rate": str(RATE_HZ), "encoding": LIMITS.encoding}
        url = socket_url(self._connection, "/v3/ws", query | for_live(self._options, self._connection.model))
        return Handshake(url, {"Authorization": self._connection.api_key.strip()})

    def opening(self) -> Sequence[Frame]:
        """Nothing: the address says it all."""
        return ()

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as they are; the last ones with silence behind them, for less than 50 ms ends the session."""
        return (samples.ljust(LIMITS.frame_bytes[0], b"\0"),)

    def keepalive(self) -> Sequence[Frame]:
        """Any time there is no audio."""
        return (_control("KeepAlive"),)

    def finish(self) -> Sequence[Frame]:
        """The rest is answered, then comes its end."""
        return (_control("Terminate"),)

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """A turn that is over may bring the one before it to its end as well."""
        data = read_message(frame)
        match data.get("type"):
            case "Begin":
                return (Ready(read_text(data.get("id"))),)
            case "Turn":
                return self._turn(data)
            case "SpeechStarted":
                return (Speech(is_heard=True, at_ms=read_whole_ms(data.get("timestamp"))),)
            case "Termination":
                return (*self._end_waiting(), Ended())
            case "Error":
                return (Failed(self._error(data)),)
        return ()

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads."""
        return refusal(status_code, headers, key=self._connection.api_key)

    def closed(self, code: int, reason: str) -> ProviderError:
        """By the code; the reason is for people and may hold anything."""
        return close_of(code, CODES)

    def _turn(self, data: dict[str, Any]) -> Sequence[LiveEvent]:
        order = data["turn_order"] = _order(data, self._last + 1)
        if order <= self._last:
            # It is told already, and what is final stays so.
            return ()
        before = self._end_waiting() if self._ended is not None and _order(self._ended) != order else ()
        if data.get("end_of_turn") is not True:
            if self._ended is not None:
                self._ended = data  # it continues: these words are the latest of it
            return (*before, Partial(str(order), _provisional(data)))
        if self._options.punctuates and data.get("turn_is_formatted") is not True:
            self._ended = data
            return (*before, Partial(str(order), _provisional(data)))
        self._ended, self._last = None, order
        return (*before, *_finals(data))

    def _end_waiting(self) -> Sequence[LiveEvent]:
        """Make the turn final that waits for its punctuation."""
        data, self._ended = self._ended, None
        if data is None:
            return ()
        self._last = _order(data)
        return _finals(data)

    def _error(self, data: dict[str, Any]) -> ProviderError:
        code = data.get("error_code")
        kind, known = CODES.get(code if isinstance(code, int) else 0, (Busy, "The provider has an internal error"))
        sentence = sentence_of(data, key=self._connection.api_key) or known
        return (QuotaExceeded if any(word in sentence.lower() for word in PLAN_WORDS) else kind)(sentence)


def _control(kind: str) -> str:
    return json.dumps({"type": kind})


def _order(data: dict[str, Any], following: int = 0) -> int:
    """The number of a turn; one that has none is the following."""
    order = data.get("turn_order")
    return order if isinstance(order, int) and not isinstance(order, bool) else following


def _provisional(data: dict[str, Any]) -> str:
    """What seems to be said: the words, for the transcript of a turn leaves out those that may change."""
    listed = [read_text(word.get("text")) for word in dicts(data.get("words"))]
    return scripts.joined(filter(None, listed)) or read_text(data.get("transcript"))


def _finals(data: dict[str, Any]) -> Sequence[LiveEvent]:
    """A turn that is over, one event a voice; one that says nothing withdraws what seemed to be said."""
    key, text = str(_order(data)), read_text(data.get("transcript"))
    pairs = [(word, _speaker(voice, data)) for word, voice in read_words(in_seconds(data.get("words")))]
    segments = with_text([word for word, _ in pairs], [voice for _, voice in pairs], text) if pairs else ()
    if not segments:
        segments = (Segment(text, speaker=_speaker(None, data)),) if text else ()
    return finals_of(key, segments, read_language(language_tag(data.get("language_code"))))


def _speaker(voice: str | None, data: dict[str, Any]) -> str | None:
    label = voice or read_text(data.get("speaker_label"))
    return None if label in ("", UNKNOWN_SPEAKER) else label
