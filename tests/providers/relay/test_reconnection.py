"""The relay keeps a session connected, and no word is lost or doubled whatever happens to the connection."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.live.provider import SLOT_BYTES, Fault, LiveDouble, echo_audio, echo_words
from tests.support.live.relay import HASTY, Session
from transcripts.providers.live import Final, Partial
from transcripts.providers.relay.runner import AudioSkipped, Patience

if TYPE_CHECKING:
    from transcripts.providers.relay.runner import RelayEvent

LENGTH_MS = 12_000


async def test_an_undisturbed_session_is_told_word_for_word() -> None:
    async with LiveDouble() as double:
        session = Session(double)
        assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert session.times == [time for at in range(0, LENGTH_MS, 100) for time in (at, at + 100)]
    assert session.states() == ["Connecting", "Connected"]
    assert session.provisional == {}
    assert double.controls == ["close_stream"]


async def test_words_show_provisionally_and_are_replaced_in_place() -> None:
    async with LiveDouble() as double:
        session = Session(double)
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 300)
        await session.until(lambda: session.provisional == {"1.0": "w0 w100 w200"})
        session.feed(300, 900)
        await session.until(lambda: session.provisional == {"1.1": "w700 w800"})
        assert session.words == echo_words(700)
        session.relay.stop()
        assert await running
    assert session.words == echo_words(900)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset", 100_000),
        Fault("close", 100_000, 1011),
        Fault("close", 100_000, 1008),
        Fault("close", 100_000, 4408),
        Fault("close", 0, 4429),
        Fault("close", 100_000, 1000),
        Fault("refuse", code=503),
        Fault("refuse", code=429),
        Fault("nonsense", 100_000),
        Fault("stall", 100_000),
        Fault("deaf", 100_000),
        Fault("mute"),
    ],
    ids=lambda fault: f"{fault.do}-{fault.code}",
)
async def test_whatever_ends_a_connection_another_goes_on(fault: Fault) -> None:
    # Short only where the test is about waiting: a slow machine is no fault.
    patience = replace(
        HASTY, heartbeat_ms=500 if fault.do == "deaf" else 20_000, connect_ms=300 if fault.do == "mute" else 10_000
    )
    async with LiveDouble([fault]) as double:
        session = Session(double, patience=patience, answer_ms=300 if fault.do == "stall" else None)
        running = asyncio.create_task(session.relay.run())
        session.feed(0, LENGTH_MS // 2)
        # Its last word, after which only audio that nobody answers shows that it ended.
        last = {"1.4": "w2800 w2900"}
        await session.until(lambda: "Reconnecting" in session.states() or session.provisional == last)
        session.feed(LENGTH_MS // 2, LENGTH_MS)
        await session.until(lambda: "Reconnecting" in session.states() and session.states()[-1] == "Connected")
        session.relay.stop()
        assert await running
    assert session.words == echo_words(LENGTH_MS)
    assert len(double.handshakes) >= 2
    assert session.provisional == {}


async def test_at_a_hundred_random_cuts_no_word_is_lost_or_doubled_and_times_only_grow() -> None:
    chance = random.Random(20_261)
    whole = LENGTH_MS * 32
    for _ in range(34):
        cuts = [Fault(chance.choice(["reset", "close"]), chance.randrange(0, whole)) for _ in range(3)]
        async with LiveDouble(cuts, words_a_final=chance.randrange(1, 25)) as double:
            session = Session(double)
            assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts
        assert session.times == sorted(session.times)


async def test_audio_that_left_memory_is_read_back() -> None:
    async with LiveDouble([Fault("reset", 640_000)], words_a_final=1_000) as double:
        session = Session(double)
        assert await session.whole(30_000)
    assert session.words == echo_words(30_000)
    assert session.read_back[0] == (0, 128)


async def test_what_is_missing_is_silence_and_times_stay_right() -> None:
    async with LiveDouble() as double:
        session = Session(double)
        session.kept = lambda from_ms, until_ms: b""
        session.relay.feed(2_000, echo_audio(2_000, 3_000))
        session.relay.stop()
        assert await session.relay.run()
    assert session.words[-10:] == echo_words(3_000)[-10:]
    assert session.times[-1] == 3_000


async def test_frames_need_not_be_whole_milliseconds_and_come_twice_without_harm() -> None:
    sound = echo_audio(0, 2_000)
    async with LiveDouble() as double:
        session = Session(double)
        for at in range(0, len(sound), 1_010):
            session.relay.feed(at // 32, sound[at : at + 1_010])
        session.relay.feed(1_000, echo_audio(1_000, 2_000))
        session.relay.stop()
        assert await session.relay.run()
    assert session.words == echo_words(2_000)


async def test_another_relay_goes_on_where_the_last_final_ended() -> None:
    async with LiveDouble() as double:
        session = Session(double, from_ms=5_000)
        session.relay.feed(LENGTH_MS, b"")
        session.relay.stop()
        assert await session.relay.run()
    assert session.words == echo_words(LENGTH_MS)[50:]
    assert session.read_back[0][0] == 4_000


async def test_long_silence_is_not_sent_again() -> None:
    async with LiveDouble([Fault("reset", 120_000 * 32)], hears=False) as double:
        session = Session(double)
        silence = b"\0" * SLOT_BYTES
        session.kept = lambda from_ms, until_ms: b"\0" * (32 * (until_ms - from_ms))
        for at in range(0, 130_000, 100):
            session.relay.feed(at, silence)
        session.relay.stop()
        assert await session.relay.run()
    again = sum(double.frames) // 32 - 120_000
    assert again <= 45_000


async def test_stopping_waits_for_the_last_words_only_so_long() -> None:
    async with LiveDouble([Fault("stall", SLOT_BYTES)]) as double:
        session = Session(double, patience=Patience(drain_ms=100))
        assert not await session.whole(200)


async def test_stopping_in_an_outage_tries_once_more_at_once() -> None:
    async with LiveDouble([Fault("reset", 32_000)]) as double:
        session = Session(double, patience=Patience(first_wait_ms=60_000, longest_wait_ms=60_000))
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 2_000)
        await session.until(lambda: "Reconnecting" in session.states())
        session.relay.stop()
        assert await running
    assert session.words == echo_words(2_000)


async def test_whoever_stops_does_not_wait_for_a_long_replay() -> None:
    async with LiveDouble() as double:
        session = Session(double, patience=replace(HASTY, rest_ms=5_000), pace=1.0)
        assert not await session.whole(60_000)
    assert sum(double.frames) < 60_000 * 32


async def test_after_a_long_outage_it_goes_on_with_what_is_said_now() -> None:
    async with LiveDouble([Fault("refuse", code=503)] * 2) as double:
        session = Session(double, patience=replace(HASTY, skip_ms=5_000))
        session.feed(0, LENGTH_MS)
        running = asyncio.create_task(session.relay.run())
        await session.until(lambda: "Connected" in session.states())
        session.feed(LENGTH_MS, LENGTH_MS + 1_000)
        session.relay.stop()
        assert await running
    assert [event for event in session.events if isinstance(event, AudioSkipped)] == [AudioSkipped(0, LENGTH_MS)]
    assert session.words == echo_words(LENGTH_MS + 1_000)[LENGTH_MS // 100 :]


async def test_an_outage_that_a_replay_makes_up_for_is_replayed() -> None:
    async with LiveDouble([Fault("refuse", code=503)] * 2) as double:
        session = Session(double, patience=replace(HASTY, skip_ms=LENGTH_MS))
        assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)


async def test_a_connection_that_falls_hopelessly_behind_makes_place_for_one_that_does_not() -> None:
    async with LiveDouble() as double:
        session = Session(double, patience=replace(HASTY, skip_ms=5_000), pace=2.0)
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 1_000)
        await session.until(lambda: session.finals)
        session.feed(1_000, LENGTH_MS)
        await session.until(lambda: "AudioSkipped" in session.states())
        session.feed(LENGTH_MS, LENGTH_MS + 1_000)
        session.relay.stop()
        assert await running
    (skipped,) = (event for event in session.events if isinstance(event, AudioSkipped))
    first, last = skipped.from_ms // 100, skipped.until_ms // 100
    assert first > 0
    assert last == LENGTH_MS // 100
    assert session.words == echo_words(LENGTH_MS + 1_000)[:first] + echo_words(LENGTH_MS + 1_000)[last:]
    assert "Reconnecting" not in session.states()


async def test_a_cancelled_relay_says_goodbye() -> None:
    async with LiveDouble() as double:
        session = Session(double)
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 300)
        await session.until(lambda: session.provisional != {})
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await double.closed.wait()
    assert double.goodbyes == [1000]


async def test_a_cancelled_relay_ends_though_whoever_hears_swallows_it() -> None:
    async with LiveDouble() as double:
        session = Session(double)
        tell, is_hearing = session.relay._tell, asyncio.Event()

        async def swallow(event: RelayEvent) -> None:
            await tell(event)
            if isinstance(event, Partial) and not is_hearing.is_set():
                is_hearing.set()
                with suppress(asyncio.CancelledError):
                    await asyncio.Event().wait()

        session.relay._tell = swallow
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 300)
        await is_hearing.wait()
        running.cancel()
        await asyncio.wait([running], timeout=10)
        assert running.cancelled()


async def test_a_final_that_could_not_be_told_comes_again() -> None:
    async with LiveDouble() as double:
        session = Session(double)

        async def forget(_: object) -> None:
            raise OSError("the database is away")

        session.relay._tell = forget
        session.feed(0, 2_000)
        with pytest.raises(OSError, match="database"):
            await session.relay.run()
    assert session.relay.final_ms == 0


async def test_a_final_that_is_being_told_when_its_connection_ends_is_told_once() -> None:
    async with LiveDouble(words_a_final=1) as double:
        session = Session(double, session_ms=300)
        tell = session.relay._tell

        async def slow(event: RelayEvent) -> None:
            await tell(event)
            if isinstance(event, Final):  # written, and then it takes as long as the connection lives
                await asyncio.sleep(0.4)

        session.relay._tell = slow
        assert await session.whole(300)
        assert len(double.handshakes) > 1
    assert session.words == echo_words(300)


async def test_what_seemed_to_be_said_is_taken_back_when_the_connection_is_lost() -> None:
    async with LiveDouble([Fault("reset", 5 * SLOT_BYTES)]) as double:
        session = Session(double, patience=Patience(first_wait_ms=60_000, longest_wait_ms=60_000))
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 400)
        await session.until(lambda: session.provisional != {})
        session.feed(400, 600)
        await session.until(lambda: "Reconnecting" in session.states())
        assert session.provisional == {}
        assert Partial("1.0", "") in session.events
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
