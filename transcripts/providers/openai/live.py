"""OpenAI's live socket, `/v1/realtime`, as a transcription session.

The provider cuts the audio in turns, one item each, and transcribes each when it ends. Items have times, words have
none. A turn may be done before an earlier one; it is told after it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transcripts.document import Segment
from transcripts.providers.errors import AuthenticationFailed, Busy, ProviderError, Refused, Unreachable
from transcripts.providers.live import (
    BYTES_A_MS,
    RATE_HZ,
    Ended,
    Failed,
    Final,
    LiveLimits,
    Partial,
    Ready,
    Speech,
    is_punctuation,
    read_message,
    refusal,
    socket_url,
)
from transcripts.providers.openai.dialects import OPENAI, at, languages, terms
from transcripts.providers.openai.errors import LIVE_CODES, codes_of
from transcripts.providers.samples import Resampler
from transcripts.providers.wire import Handshake, read_text, read_whole_ms, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.providers.base import Connection, Options
    from transcripts.providers.live import LiveEvent
    from transcripts.providers.wire import Frame

WIRE_HZ = 24_000
# Faster than about four times as fast as speech it drops audio without a word. Words have no times to be told apart by,
# so no audio is sent twice.
LIMITS = LiveLimits(
    encoding="pcm",
    rate_hz=WIRE_HZ,
    pace=3.0,
    keepalive_ms=None,
    idle_ms=None,
    session_ms=60 * 60_000,
    overlap_ms=0,
)
# Less can't be committed; so much silence before the last commit makes sure that it is accepted.
LEAST_COMMIT_MS = 100
TURNS = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500}
ITEM = "conversation.item.input_audio_transcription."
BUFFER = "input_audio_buffer."


@dataclass(slots=True)
class Turn:
    """One item: its times, its words so far, and whether these are all."""

    start_ms: int | None = None
    end_ms: int | None = None
    text: str = ""
    is_done: bool = False


class OpenAILive:
    """The codec; see `LiveCodec` for what each part promises."""

    limits = LIMITS
    waits_for_ready = True

    def __init__(self, connection: Connection, options: Options) -> None:
        self._connection, self._options = connection, options
        self._resampler = Resampler(RATE_HZ, WIRE_HZ)
        self._turns: dict[str, Turn] = {}
        self._over: set[str] = set()
        self._sent_ms = self._reached_ms = 0
        self._is_ready = self._has_finished = self._is_committed = False

    def connect(self) -> Handshake:
        """The address names no model: with one it refuses. The key is a header."""
        base = self._connection.ws_endpoint or self._connection.endpoint
        url = socket_url(self._connection, at(base, "/v1/realtime"), {"intent": "transcription"})
        return Handshake(url, {"Authorization": f"Bearer {self._connection.api_key.strip()}"})

    def opening(self) -> Sequence[Frame]:
        """What is wished; audio that is sent before it is acknowledged is swallowed."""
        told = {"format": {"type": "audio/pcm", "rate": WIRE_HZ}, "transcription": self._transcription()}
        session = {"type": "transcription", "audio": {"input": {**told, "turn_detection": TURNS}}}
        return (json.dumps({"type": "session.update", "session": session}),)

    def audio(self, samples: bytes) -> Sequence[Frame]:
        """The samples at 24 kHz, as text."""
        self._sent_ms += len(samples) // BYTES_A_MS
        wire = self._resampler.feed(samples)
        return (
            (json.dumps({"type": f"{BUFFER}append", "audio": base64.b64encode(wire).decode("ascii")}),) if wire else ()
        )

    def keepalive(self) -> Sequence[Frame]:
        """Nothing: it waits as long as the session may last."""
        return ()

    def finish(self) -> Sequence[Frame]:
        """Make the last turn of what is left; there is no word for the end."""
        self._has_finished = True
        silence = self.audio(bytes(LEAST_COMMIT_MS * BYTES_A_MS))
        return (*silence, json.dumps({"type": f"{BUFFER}commit"}))

    def decode(self, frame: Frame) -> Sequence[LiveEvent]:
        """A message may hold the end of several turns, and with them that of the session."""
        data = read_message(frame)
        kind, item = str(data.get("type")), str(data.get("item_id") or "")
        events: list[LiveEvent] = []
        match kind.removeprefix(ITEM).removeprefix(BUFFER):
            case "session.updated":
                self._is_ready = True
                events.append(Ready())
            case "speech_started" | "speech_stopped" as edge:
                events.append(self._edge(item, data, is_heard=edge == "speech_started"))
            case "committed":
                self._commit(item)
            case "delta":
                events.append(self._delta(item, data))
            case "completed":
                events += self._completed(item, data)
            case "failed" | "error":
                events += self._failed(data)
        return [*events, Ended()] if self._is_over() else events

    def refused(self, status_code: int, headers: Mapping[str, str]) -> ProviderError:
        """As for uploads."""
        return refusal(status_code, headers, key=self._connection.api_key)

    def closed(self, code: int, reason: str) -> ProviderError:
        """3000 is a wrong key, which the handshake does not tell; 4000 a session that it will not hold."""
        match code:
            case 3000:
                return AuthenticationFailed("The provider does not accept the key")
            case 4000:
                return Refused("The provider refuses this live session; check the account’s model")
            case 1011:
                return Busy("The provider has an internal error")
        return Unreachable("The live connection to the provider ended")

    def _transcription(self) -> dict[str, Any]:
        name = OPENAI.for_live(self._connection.model)
        model = OPENAI.of_model(name)
        told = {**languages(self._options, OPENAI, model), **terms(self._options.vocabulary, model)}
        return {"model": name, **{field.removesuffix("[]"): value for field, value in told.items()}}

    # Turns

    def _turn(self, item: str) -> Turn:
        # What comes late for a turn that is over must not hold back those after it
        return Turn() if item in self._over else self._turns.setdefault(item, Turn())

    def _edge(self, item: str, data: dict[str, Any], *, is_heard: bool) -> Speech:
        name = "audio_start_ms" if is_heard else "audio_end_ms"
        at_ms = data.get(name)
        at_ms = read_whole_ms(at_ms)
        if is_heard:
            self._turn(item).start_ms = at_ms
        else:
            self._turn(item).end_ms = at_ms
        return Speech(is_heard=is_heard, at_ms=at_ms)

    def _commit(self, item: str) -> None:
        """A turn that no one ceased to speak in is the one that was ended by us."""
        turn = self._turn(item)
        if turn.end_ms is None:
            turn.end_ms = self._sent_ms - (LEAST_COMMIT_MS if self._has_finished else 0)
            self._is_committed = self._has_finished

    def _delta(self, item: str, data: dict[str, Any]) -> Partial:
        turn, more = self._turn(item), data.get("delta")
        turn.text += more if isinstance(more, str) else ""
        return Partial(item, read_text(turn.text))

    def _completed(self, item: str, data: dict[str, Any]) -> list[LiveEvent]:
        turn = self._turn(item)
        transcript = data.get("transcript")
        turn.text, turn.is_done = read_text(transcript if isinstance(transcript, str) else turn.text), True
        events: list[LiveEvent] = []
        while self._turns and next(iter(self._turns.values())).is_done:
            first = next(iter(self._turns))
            self._over.add(first)
            events.append(self._final(first, self._turns.pop(first)))
        return events

    def _final(self, item: str, turn: Turn) -> LiveEvent:
        if not turn.text:
            return Partial(item, "")
        end_ms = self._sent_ms if turn.end_ms is None else turn.end_ms
        start_ms = min(self._reached_ms if turn.start_ms is None else turn.start_ms, end_ms)
        self._reached_ms = end_ms
        return Final(item, Segment(turn.text, start_ms, end_ms), is_tail=is_punctuation(turn.text))

    def _is_over(self) -> bool:
        return self._has_finished and self._is_committed and not self._turns

    # Errors

    def _failed(self, data: dict[str, Any]) -> list[LiveEvent]:
        """Most errors end nothing; a turn that failed is sent again by another connection."""
        codes = codes_of(data)
        if "input_audio_buffer_commit_empty" in codes:
            self._is_committed = self._has_finished
            return []
        known = next((LIVE_CODES[code] for code in codes if code in LIVE_CODES), None)
        is_fatal = known or not self._is_ready or data.get("type") == f"{ITEM}failed"
        sentence = sentence_of(data, key=self._connection.api_key) or "The provider has an internal error"
        otherwise = Refused if "invalid_request_error" in codes and not self._is_ready else Busy
        return [Failed((known or otherwise)(sentence))] if is_fatal else []
