"""The relay keeps within what its provider allows: length of a connection, pace, size of frames, pauses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.support.live.provider import Fault, LiveDouble, echo_words
from tests.support.live.relay import HASTY, Session
from transcripts.providers.relay import connection

if TYPE_CHECKING:
    import pytest

LENGTH_MS = 12_000


async def test_a_connection_ends_before_its_provider_ends_it_and_no_word_is_lost() -> None:
    async with LiveDouble() as double:
        session = Session(double, session_ms=400, pace=20.0)
        assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert len(double.handshakes) > 1
    assert "Reconnecting" not in session.states()


async def test_a_connection_of_age_ends_at_a_final_so_that_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ROLL_FROM", 0.0)
    async with LiveDouble() as double:
        session = Session(double, session_ms=1_000_000, overlap_ms=0)
        assert await session.whole(4_000)
    assert session.words == echo_words(4_000)
    assert len(double.handshakes) == 7  # six finals, after each of which another connection


async def test_a_connection_of_age_ends_even_where_no_final_comes() -> None:
    async with LiveDouble(words_a_final=1_000) as double:
        session = Session(double, session_ms=200)
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 1_000)
        await session.until(lambda: session.states().count("Connected") == 2)
        session.relay.stop()
        assert await running
    assert session.words == echo_words(1_000)


async def test_it_replays_no_faster_than_the_provider_allows() -> None:
    async with LiveDouble() as double:
        session = Session(double, pace=20.0)
        began = asyncio.get_running_loop().time()
        assert await session.whole(9_000)
        took = asyncio.get_running_loop().time() - began
    # One second may go immediately; only too fast would be wrong, however slow the machine.
    assert took >= 8.0 / 20 - 0.02


async def test_a_pause_is_filled_with_keepalives() -> None:
    async with LiveDouble() as double:
        session = Session(double, keepalive_ms=10)
        running = asyncio.create_task(session.relay.run())
        while double.controls.count("keepalive") < 3:
            await asyncio.sleep(0)
        session.feed(0, 1_000)
        session.relay.stop()
        assert await running
    assert session.words == echo_words(1_000)


async def test_frames_stay_within_what_the_provider_takes() -> None:
    async with LiveDouble() as double:
        session = Session(double, frame_bytes=(1_000, 2_000, 3_000))
        assert await session.whole(1_050)
    assert set(double.frames[:-1]) == {2_000}
    assert sum(double.frames) == 1_050 * 32


async def test_its_memory_does_not_grow_with_the_session() -> None:
    async with LiveDouble([Fault("refuse", code=503)] * 3) as double:
        session = Session(double, patience=HASTY)
        session.feed(0, 60_000)
        kept = sum(len(samples) for _, samples in session.relay._buffer._kept)
        session.relay.stop()
        assert await session.relay.run()
    assert kept <= 100_000
    assert session.words == echo_words(60_000)
