"""What every speech-to-text provider offers, and how each may fail.

ProviderError
├── Unreachable      no connection, or no answer to a mere question: nothing was taken, try again
│   └── NotListening    no connection at all: the provider is down, or the way there
├── Ambiguous        the connection died after the request began: the provider may have taken it
├── RateLimited      429: wait `retry_after_ms`, or longer each time if it is None
├── Busy             5xx with a whole answer: not taken, try again
├── BadAnswer        an answer that cannot be read
│   └── TooLarge         an answer larger than any transcript
├── Unreadable       permanent: it took the audio, and what it answered cannot be read
├── UnknownJob       404 for a processing id
└── Refused          permanent: trying the same again cannot help
    ├── AuthenticationFailed
    ├── QuotaExceeded
    ├── MediaRefused
    └── TooSlow      live speech in this language is faster than the provider's machine
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from transcripts.document import Document


@dataclass(frozen=True, slots=True)
class RateRule:
    """At most `count` requests in any `per_ms` milliseconds."""

    count: int
    per_ms: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider allows. None means no limit.

    `max_bytes` and `longest_ms` are those of one recording. `status_interval_ms` is the least time between two status
    requests for one processing id; `live_sessions` is how many people can speak at the same time.
    """

    uploads: RateRule | None = None
    status_interval_ms: int = 0
    max_bytes: int | None = None
    live_sessions: int | None = None
    longest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a provider is and how to speak to it. The deadlines cover a whole call, in milliseconds.

    `ws_endpoint` is the address of its live sockets; if empty, they are at the endpoint. `model` is that which an
    operator chose, empty for the provider's own choice. What `is_inside` this instance is reached without a proxy.
    `is_token`: in place of the key there is a short-lived token, which some providers want to be named as such.
    """

    endpoint: str
    api_key: str = field(repr=False)
    ws_endpoint: str = ""
    model: str = ""
    is_inside: bool = False
    is_token: bool = False
    limits: Limits = Limits()
    connect_timeout_ms: int = 5_000
    status_deadline_ms: int = 20_000
    upload_deadline_ms: int = 600_000


@dataclass(frozen=True, slots=True)
class Health:
    """What a provider says of itself. `languages` is None if it does not say. One that `aligns` is an `Aligner`.

    `is_key_verified` is False if the provider is there but offers no way to try the key without an upload.
    """

    engine: str = ""
    is_draft: bool = False
    languages: tuple[str, ...] | None = None
    is_key_verified: bool = True
    aligns: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A word or name that is likely, as it is written. `weight` is 1 for an ordinary one, more for one that matters."""

    text: str
    sounds_like: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """Wishes for one transcription.

    `language` is a BCP-47 tag or the kind's own word for finding out; None lets the provider decide. `languages` are
    others that are spoken as well or, without a `language`, those to choose from. `content_type` is that of the audio,
    empty if its file name says it. `speakers` is how many voices there are, None to find out. `vocabulary` has the
    terms that are likely, the weightiest first. What a kind can't do (`registry.Kind.can`, `can_live`) its adapter
    leaves out; the page says so before the audio is sent. `callback` is the address that a polled provider may
    call when it is done, empty if there is none.
    """

    language: str | None = None
    content_type: str = ""
    speakers: int | None = None
    vocabulary: tuple[Term, ...] = ()
    languages: tuple[str, ...] = ()
    separates_speakers: bool = True
    punctuates: bool = True
    masks_profanity: bool = False
    callback: str = ""


class State(StrEnum):
    """How far the provider is with a submission."""

    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider said of a submission.

    `raw` is the body word for word; `progress` runs from 0 to 1 if the provider tells it, `is_queued` says that it
    took the audio and has not begun. A failed answer carries the provider's sentence in `message` and its word for it
    in `code`.
    """

    state: State
    raw: bytes
    processing_id: str = ""
    progress: float | None = None
    is_queued: bool = False
    message: str = ""
    code: str = ""


class Provider(Protocol):
    """One provider's adapter. Every call but `parse` speaks HTTP and raises a `ProviderError`."""

    def health(self) -> Health:
        """Ask whether the provider is there and the key is good; costs no upload."""

    def submit(self, audio: Path, options: Options) -> Answer:
        """Send the audio. A polled provider answers PROCESSING with a processing id, others COMPLETED immediately."""

    def check(self, processing_id: str) -> Answer:
        """Ask how far a submission is."""

    def parse(self, raw: bytes) -> Document:
        """Read a completed answer; no network. Raises BadAnswer."""


@runtime_checkable
class Aligner(Provider, Protocol):
    """An engine that also finds when the words of a known text are spoken; `Provider.check` asks how far it is."""

    def align(self, audio: Path, words: Sequence[tuple[str, float]], language: str) -> Answer:
        """Send audio and its words, each with the second that it is expected at. Raises a `ProviderError`."""

    def times(self, raw: bytes) -> list[tuple[int, int] | None]:
        """Read a completed answer: the start and end of each word in ms, None if it was not found. Raises BadAnswer."""
