"""A live session without a page: a relay, what it was fed and what it told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from tests.support.live.provider import echo_audio
from transcripts.providers.base import Connection, Options
from transcripts.providers.live import Final, Partial
from transcripts.providers.relay.credentials import CodecFactory
from transcripts.providers.relay.runner import Patience, Relay

if TYPE_CHECKING:
    from transcripts.providers.live import LiveCodec
    from transcripts.providers.relay.runner import RelayEvent


class Where(Protocol):
    """A live provider."""

    @property
    def url(self) -> str: ...

    @property
    def key(self) -> str: ...


# Nobody waits in tests: a failed connection is made again at once, and the whole session may be sent after its end.
HASTY = Patience(first_wait_ms=1, longest_wait_ms=4, rest_ms=600_000)
CHUNK_MS = 100


class LimitedFactory(CodecFactory):
    """Makes codecs with these limits in place of their own."""

    def __init__(self, kind: str, connection: Connection, options: Options, limits: dict[str, Any]) -> None:
        super().__init__(kind, connection, options)
        self._limits = limits

    async def make(self) -> LiveCodec:
        codec = await super().make()
        codec.limits = replace(codec.limits, **self._limits)
        return codec


class Session:
    """`limits` replace those of the codec; audio that nobody fed is read back as the double's."""

    def __init__(
        self,
        double: Where,
        *,
        patience: Patience = HASTY,
        from_ms: int = 0,
        kind: str = "speechstream",
        **limits: Any,
    ) -> None:
        self.double = double
        self.events: list[RelayEvent] = []
        self.read_back: list[tuple[int, int]] = []
        self.kept = echo_audio
        self._told = asyncio.Condition()
        connection = Connection(double.url, double.key)
        factory = LimitedFactory(kind, connection, Options(language="en"), {"pace": 1e6, **limits})
        self.relay = Relay(
            factory, read_audio=self._read_audio, on_event=self._on_event, patience=patience, from_ms=from_ms
        )

    @property
    def finals(self) -> list[Final]:
        return [event for event in self.events if isinstance(event, Final)]

    @property
    def words(self) -> list[str]:
        return [word.text for final in self.finals for word in final.segment.words]

    @property
    def times(self) -> list[int]:
        """Start and end of each final word, in the order they were told."""
        words = [word for final in self.finals for word in final.segment.words]
        return [time or 0 for word in words for time in (word.start_ms, word.end_ms)]

    @property
    def provisional(self) -> dict[str, str]:
        """What a page shows in grey by now."""
        shown: dict[str, str] = {}
        for event in self.events:
            if isinstance(event, Partial):
                shown[event.key] = event.text
            elif isinstance(event, Final):
                shown.pop(event.key, None)
        return {key: text for key, text in shown.items() if text}

    def states(self) -> list[str]:
        """What became of the connection, in words."""
        return [type(event).__name__ for event in self.events if not hasattr(event, "key")]

    def feed(self, from_ms: int, until_ms: int) -> None:
        """Speak."""
        for at in range(from_ms, until_ms, CHUNK_MS):
            self.relay.feed(at, echo_audio(at, min(at + CHUNK_MS, until_ms)))

    async def until(self, condition: Any) -> None:
        """Wait until what was told fulfils a condition."""
        async with self._told:
            await self._told.wait_for(condition)

    async def whole(self, length_ms: int) -> bool:
        """Speak for so long, all at once, and stop; returns what `run` does."""
        self.feed(0, length_ms)
        self.relay.stop()
        return await self.relay.run()

    async def _read_audio(self, from_ms: int, until_ms: int) -> bytes:
        self.read_back.append((from_ms, until_ms))
        return self.kept(from_ms, until_ms)

    async def _on_event(self, event: RelayEvent) -> None:
        async with self._told:
            self.events.append(event)
            self._told.notify_all()
