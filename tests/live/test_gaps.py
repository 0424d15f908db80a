"""A link continues with what is said now if its provider was away too long, and the session stores the gap."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from tests.support.live.provider import LiveDouble
from transcripts.models import LiveSession, Marker
from transcripts.providers import base
from transcripts.providers.base import Options
from transcripts.providers.relay.credentials import CodecFactory
from transcripts.selectors import timeline
from transcripts.services.live import gaps
from transcripts.services.live.provider_link import Connection

if TYPE_CHECKING:
    from transcripts.services.live.session_host import SessionHost

SAFE_MS = 200_000


@dataclass
class QuietHost:
    """A session that remembers the gaps it was told of; minutes of its audio are safe and none was transcribed."""

    session: Any = field(default_factory=lambda: SimpleNamespace(pk="s", final_until_ms=0))
    safe_ms: int = SAFE_MS
    gaps: list[tuple[int, int]] = field(default_factory=list)
    noted: asyncio.Event = field(default_factory=asyncio.Event)

    async def gap(self, from_ms: int, until_ms: int) -> None:
        self.gaps.append((from_ms, until_ms))
        self.noted.set()

    async def state(self, sentence: str) -> None:
        """No one reads it."""


async def test_a_session_stores_what_its_provider_missed() -> None:
    async with LiveDouble() as double:
        host = QuietHost()
        account = base.Connection(double.url, double.key)
        factory = CodecFactory("speechstream", account, Options(language="en"))
        connection = Connection(cast("SessionHost", host), factory, 0)
        async with asyncio.timeout(20):
            await host.noted.wait()
        assert await connection.drain()
    assert host.gaps == [(0, SAFE_MS)]


def test_gaps_are_where_their_words_would_be() -> None:
    segments = [timeline.ShownSegment(at_ms, text, "", None) for at_ms, text in ((0, "a"), (None, "b"), (9_000, "c"))]
    noted = gaps.of(LiveSession(gaps=[[1_000, 8_000], [9_900, 12_000]]))
    marker = Marker(at_ms=9_500)
    lines = timeline.woven(segments, noted, [marker])
    assert [(line.number, line.before, line.segment) for line in lines] == [
        (0, [], segments[0]),
        (1, [], segments[1]),
        (2, [noted[0]], segments[2]),
        (3, [marker, noted[1]], None),
    ]
