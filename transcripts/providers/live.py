"""Live speech-to-text as pure translation: what a provider's socket is sent, and what it answers.

A codec does no input or output and lives as long as one connection. The relay (`transcripts.providers.relay.runner`)
runs any of them. Audio is 16-bit little-endian samples at 16 kHz, one channel; a codec converts it if its provider
wants something else. Times are integer milliseconds from the first audio of the connection.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode, urlsplit

from transcripts.providers.errors import BadAnswer, ProviderError, Unreachable
from transcripts.providers.wire import Frame, Handshake, Reply, raise_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.document import Segment
    from transcripts.providers.base import Connection

RATE_HZ = 16_000
BYTES_A_MS = 2 * RATE_HZ // 1_000


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """What a live socket allows and wants, as data.

    `frame_bytes` is the least, best and most audio of one frame. `pace` is how many times faster than speech audio that
    was missed may be sent again. `keepalive_ms` is after how long a silence of ours the codec's keepalive is due, None
    for never; `idle_ms` is when the provider would close. `answer_ms` is within how long of audio some message comes,
    None if nothing is promised. `session_ms` is how long one connection may last. `overlap_ms` is how much audio
    before the last final word is sent again after a reconnect: a recogniser needs a run-up, and the words of it are
    told from the new ones by their times; 0 if words have none. `ends_by_closing`: it has no last message; once we said
    that this was all, its close with 1000 says that everything is answered.
    """

    encoding: str = "linear16"
    rate_hz: int = RATE_HZ
    frame_bytes: tuple[int, int, int] = (1_024, 4_096, 16_384)
    pace: float = 1.25
    keepalive_ms: int | None = 5_000
    idle_ms: int | None = 10_000
    answer_ms: int | None = None
    session_ms: int | None = None
    overlap_ms: int = 1_000
    ends_by_closing: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """The provider listens."""

    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Partial:
    """What seems to be said. A later one with the same key replaces it; a final with that key ends it.

    An empty text withdraws it, except if `is_broken_off`: then the connection ended before anything final came.
    """

    key: str
    text: str
    is_broken_off: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Final:
    """Final words. `is_tail`: nothing but punctuation, which belongs to the final before it."""

    key: str
    segment: Segment
    is_tail: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """Someone began or ceased to speak, at `at_ms` if the provider says when."""

    is_heard: bool
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """Everything that was sent has been answered; the connection may close."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The provider reports an error. The connection is of no more use."""

    error: ProviderError


LiveEvent = Ready | Partial | Final | Speech | Ended | Failed


class LiveCodec(Protocol):
    """One connection's translation. Made anew for each."""

    limits: LiveLimits
    waits_for_ready: bool

    def connect(self) -> Handshake:
        """Where and how to connect."""

    def opening(self) -> Sequence[Frame]:
        """What is said first, before any audio."""

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """Say this audio."""

    def keepalive(self) -> Sequence[Frame]:
        """Say that more will come."""

    def finish(self) -> Sequence[Frame]:
        """Say that this was all; the provider answers what it still owes, then `Ended`."""

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """Understand a message. Raises BadAnswer for one that makes no sense; what is merely unknown is nothing."""

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """What a status code in place of the upgrade means."""

    def closed(self, code: int, reason: str) -> ProviderError:
        """What the close of a connection means that was not ours to end."""


def socket_url(connection: Connection, path: str, query: Mapping[str, str | Sequence[str]]) -> str:
    """The address of a socket: the connection's own for sockets, else its endpoint with ws in the place of http."""
    base = connection.ws_endpoint or connection.endpoint
    scheme, separator, rest = base.rstrip("/").partition("://")
    scheme = {"http": "ws", "https": "wss"}.get(scheme, scheme)
    return f"{scheme}{separator}{rest}{path}?{urlencode(query, doseq=True)}"


def with_live_host(connection: Connection, hosts: Mapping[str, str]) -> Connection:
    """Name the host for live speech that belongs to the endpoint's, unless the operator did."""
    host = hosts.get(urlsplit(connection.endpoint).hostname or "")
    return replace(connection, ws_endpoint=f"wss://{host}") if host and not connection.ws_endpoint else connection


def close_of(code: int, meanings: Mapping[int, tuple[type[ProviderError], str]]) -> ProviderError:
    """What a close with this code means, of those that a provider documents."""
    kind, sentence = meanings.get(code, (Unreachable, "The live connection to the provider ended"))
    return kind(sentence)


def refusal(status_code: int, headers: Mapping[str, str], *, key: str, sentence: str = "") -> ProviderError:
    """What a status code in place of the upgrade means, as for uploads; `sentence` is what the provider said of it."""
    try:
        raise_for(Reply(status_code, headers, json.dumps({"message": sentence}).encode()), key=key, pause_ms=None)
    except ProviderError as error:
        return error
    return BadAnswer("The provider answered, but not as a live socket; check its address", status_code=status_code)


def read_message(frame: Frame) -> dict[str, Any]:
    """Read a JSON object out of a frame. Raises BadAnswer."""
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("The provider's live message is not JSON") from error
    if not isinstance(data, dict):
        raise BadAnswer("The provider's live message is not a JSON object")
    return data


def is_punctuation(text: str) -> bool:
    """Whether there is no letter and no digit in it, of whatever script."""
    return not any(character.isalnum() for character in text)
