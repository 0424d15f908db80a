"""Rev AI's live socket, `/speechtotext/v1/stream`. The key is in its address, and it ends by closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document import Segment, scripts
from transcripts.providers.errors import (
    AuthenticationFailed,
    Busy,
    ProviderError,
    QuotaExceeded,
    RateLimited,
    Refused,
)
from transcripts.providers.live import (
    RATE_HZ,
    Failed,
    LiveLimits,
    Partial,
    Ready,
    close_of,
    read_message,
    refusal,
    socket_url,
)
from transcripts.providers.parsing.documents import read_words, with_text
from transcripts.providers.parsing.finals import finals_of
from transcripts.providers.rev.elements import text_of, words_of
from transcripts.providers.rev.wishes import for_live
from transcripts.providers.wire import Handshake, read_text, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

# Silence in place of a keepalive would be counted as time.
LIMITS = LiveLimits(keepalive_ms=None, idle_ms=None, session_ms=3 * 3_600_000, ends_by_closing=True)
CONTENT_TYPE = f"audio/x-raw;layout=interleaved;rate={RATE_HZ};format=S16LE;channels=1"
CLOSES: dict[int, tuple[type[ProviderError], str]] = {
    4001: (AuthenticationFailed, "The provider does not accept the key"),
    4002: (Refused, "The provider rejected the request as invalid"),
    4003: (QuotaExceeded, "The provider's quota is used up"),
    4010: (Busy, "The provider is shutting down"),
    4013: (Busy, "The provider has no server to spare"),
    4029: (RateLimited, "The provider has reached its limit of live sessions for this account"),
    1011: (Busy, "The provider has an internal error"),
}


class RevLive:
    """The codec; see `LiveCodec` for what each part promises. It counts the finals, for its partials have no names."""

    limits = LIMITS
    waits_for_ready = True

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection = connection
        self._wishes = for_live(options, connection.model)
        self._finals = 0

    def connect(self) -> Handshake:
        """The address with the key and what is wished."""
        query = {"access_token": self._connection.api_key.strip(), "content_type": CONTENT_TYPE}
        return Handshake(socket_url(self._connection, "/speechtotext/v1/stream", query | self._wishes))

    def opening(self) -> Sequence[Frame]:
        """Nothing: the address says it all."""
        return ()

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as they are."""
        return (samples,)

    def keepalive(self) -> Sequence[Frame]:
        """There is none."""
        return ()

    def finish(self) -> Sequence[Frame]:
        """The rest is answered, then the socket closes."""
        return ("EOS",)

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """One message is one event, or one a voice."""
        data = read_message(frame)
        match data.get("type"):
            case "connected":
                return (Ready(read_text(data.get("id"))),)
            case "partial":
                return (Partial(str(self._finals), _provisional(data)),)
            case "final":
                return self._final(data)
            case "error":
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
        return finals_of(key, _segments(data))

    def _error(self, data: dict[str, Any]) -> ProviderError:
        return Busy(sentence_of(data, key=self._connection.api_key) or "The provider has an internal error")


def _provisional(data: dict[str, Any]) -> str:
    """The words of a partial, which brings no spaces."""
    return scripts.joined(word["word"] for word in words_of(data.get("elements"), None))


def _segments(data: dict[str, Any]) -> tuple[Segment, ...]:
    text, voice = text_of(data.get("elements")), _voice(data)
    pairs = read_words(list(words_of(data.get("elements"), voice)))
    segments = with_text([word for word, _ in pairs], [voice for _, voice in pairs], text) if pairs else ()
    return segments or ((Segment(text, speaker=voice),) if text else ())


def _voice(data: dict[str, Any]) -> str | None:
    """Who speaks, where speakers are told apart; 0 is one."""
    speaker = data.get("speaker_id")
    is_label = isinstance(speaker, int | str) and not isinstance(speaker, bool)
    return read_text(str(speaker)) or None if is_label else None
