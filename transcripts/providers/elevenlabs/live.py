"""ElevenLabs' live socket, `/v1/speech-to-text/realtime`.

What is committed comes once as text and once more with the times of its words, and only the latter counts. There is
no word for the end, so all commits are ours, in a pause if there is one: when each is answered, nothing is owed.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from transcripts.providers.elevenlabs.files import spoken
from transcripts.providers.elevenlabs.models import LIVE, LIVE_MODEL
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
    BYTES_A_MS,
    RATE_HZ,
    Ended,
    Failed,
    LiveLimits,
    Partial,
    Ready,
    read_message,
    refusal,
    socket_url,
)
from transcripts.providers.parsing.finals import read_finals
from transcripts.providers.samples import loudness
from transcripts.providers.wire import Handshake, read_text, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

# No pace is documented; one near that of speech is safe. Silence would keep it open, but moves its clock.
LIMITS = LiveLimits(encoding="pcm_16000", keepalive_ms=None, idle_ms=None)
LIVE_MODELS = "_realtime"
ERRORS: dict[str, type[ProviderError]] = {
    "auth_error": AuthenticationFailed,
    "quota_exceeded": QuotaExceeded,
    "rate_limited": RateLimited,
    "queue_overflow": Busy,
    "resource_exhausted": Busy,
    "session_time_limit_exceeded": Unreachable,
    "chunk_size_exceeded": Refused,
    "input_error": MediaRefused,
    "invalid_request": Refused,
    "transcriber_error": Busy,
    "unaccepted_terms": Refused,
    "error": Busy,
}
# From so long after the last commit on, the next comes in a pause; after so long it comes wherever the words are.
COMMIT_FROM_MS, COMMIT_AT_MS = 4_000, 15_000
# A pause is this much quieter than what is usual.
PAUSE = 0.25
SMOOTHING = 0.05
# What it says of a commit that had nothing to commit.
NOTHING_LEFT = ("commit_throttled", "insufficient_audio_activity")


class ElevenLabsLive:
    """The codec; see `LiveCodec` for what each part promises. It counts the finals, for its partials have no names."""

    limits = LIMITS
    waits_for_ready = True

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection, self._options = connection, options
        self._finals = self._commits = self._answered = self._since_ms = 0
        self._usual = 0.0
        self._has_finished = False

    def connect(self) -> Handshake:
        """The address with what is wished; the key as a header."""
        model = self._connection.model
        query: dict[str, str | list[str]] = {
            "model_id": model if model.endswith(LIVE_MODELS) else LIVE_MODEL,
            "audio_format": LIMITS.encoding,
            "commit_strategy": "manual",
            "include_timestamps": "true",
            "include_language_detection": "true",
        }
        if self._options.language:
            query["language_code"] = self._options.language.partition("-")[0].lower()
        rule = LIVE.of(model).vocabulary
        if rule and (terms := rule.fitting(self._options.vocabulary)):
            query["keyterms"] = [term.text for term in terms]
        url = socket_url(self._connection, "/v1/speech-to-text/realtime", query)
        return Handshake(url, {"xi-api-key": self._connection.api_key.strip()})

    def opening(self) -> Sequence[Frame]:
        """Nothing: the address says it all."""
        return ()

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples as text, with a commit if it is time for one."""
        chunk = _chunk(samples, commits=False)
        return (chunk, COMMIT) if self._commits_with(samples) else (chunk,)

    def keepalive(self) -> Sequence[Frame]:
        """Nothing: if it closes for want of audio, the next connection continues."""
        return ()

    def finish(self) -> Sequence[Frame]:
        """Commit what is left."""
        self._has_finished = True
        self._commits += 1
        return (COMMIT,)

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """What is committed without times is left out, for it comes again with them."""
        data = read_message(frame)
        kind = data.get("message_type")
        match kind:
            case "session_started":
                return (Ready(read_text(data.get("session_id"))),)
            case "partial_transcript":
                return (Partial(str(self._finals), read_text(data.get("text"))),)
            case "committed_transcript_with_timestamps":
                return self._committed(data)
        if kind in NOTHING_LEFT:
            return self._answer()
        if isinstance(kind, str) and kind in ERRORS:
            sentence = sentence_of(data, key=self._connection.api_key) or "The provider has an internal error"
            return (Failed(ERRORS[kind](sentence)),)
        return ()

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads."""
        return refusal(status_code, headers, key=self._connection.api_key)

    def closed(self, code: int, reason: str) -> ProviderError:
        """By the code; the message before it said more."""
        if code == 1008:
            return AuthenticationFailed("The provider does not accept the key")
        if code == 1011:
            return Busy("The provider has an internal error")
        return Unreachable("The live connection to the provider ended")

    def _committed(self, data: dict[str, Any]) -> Sequence[LiveEvent]:
        key, text = str(self._finals), read_text(data.get("text"))
        self._finals += 1
        finals = read_finals(key, text, spoken(data.get("words")), data.get("language_code"))
        return [*finals, *self._answer()]

    def _answer(self) -> Sequence[LiveEvent]:
        """One commit is answered; the end is when all are. It may say so without having been asked."""
        self._answered = min(self._answered + 1, self._commits)
        return (Ended(),) if self._has_finished and self._answered >= self._commits else ()

    def _commits_with(self, samples: bytes) -> bool:
        level = loudness(samples)
        is_pause = level < self._usual * PAUSE
        self._usual += (level - self._usual) * SMOOTHING
        self._since_ms += len(samples) // BYTES_A_MS
        if self._since_ms < COMMIT_FROM_MS or not (is_pause or self._since_ms >= COMMIT_AT_MS):
            return False
        self._commits, self._since_ms = self._commits + 1, 0
        return True


def _chunk(samples: bytes, *, commits: bool) -> str:
    audio = base64.b64encode(samples).decode("ascii")
    told = {"message_type": "input_audio_chunk", "audio_base_64": audio, "commit": commits, "sample_rate": RATE_HZ}
    return json.dumps(told)


# A message of its own, as the vendor's client sends it
COMMIT = _chunk(b"", commits=True)
