"""How the relay waits for a provider that is away, and finds it again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from tests.project.network import free_port
from tests.support.live.provider import SLOT_BYTES, Fault, LiveDouble, echo_words
from tests.support.live.relay import Session
from transcripts.providers.errors import AuthenticationFailed, Busy, NotListening, RateLimited
from transcripts.providers.relay import reachability
from transcripts.providers.relay.reachability import Probe
from transcripts.providers.relay.runner import Connected, Patience, ProviderRefused, Reconnecting
from transcripts.providers.websocket import LiveSocket

LENGTH_MS = 12_000


async def test_an_outage_is_told_with_how_long_to_wait_and_waits_grow() -> None:
    faults = [Fault("refuse", code=503)] * 7
    patience = Patience(first_wait_ms=2, longest_wait_ms=16, chance=lambda: 0.5)
    async with LiveDouble(faults) as double:
        session = Session(double, patience=patience)
        running = asyncio.create_task(session.relay.run())
        await session.until(lambda: Connected() in session.events)
        session.relay.stop()
        assert await running
    told = [event for event in session.events if isinstance(event, Reconnecting)]
    assert [event.wait_ms for event in told] == [2, 4, 8, 16, 16, 16, 16]
    assert [event.tries for event in told] == [1, 2, 3, 4, 5, 6, 7]
    assert [event.is_away for event in told] == [False] * 4 + [True] * 3
    assert {type(event.error) for event in told} == {Busy}


@pytest.mark.parametrize(
    ("tries", "chance", "wait_ms"),
    [
        (1, 0.5, 1_000),
        (2, 0.5, 2_000),
        (5, 0.5, 16_000),
        (6, 0.5, 30_000),
        (99, 0.5, 30_000),
        (1, 0.0, 800),
        (1, 1.0, 1_200),
    ],
)
def test_waits_double_up_to_half_a_minute_with_jitter(tries: int, chance: float, wait_ms: int) -> None:
    assert Patience(chance=lambda: chance).wait_ms(tries, Busy("x")) == wait_ms


def test_a_wish_for_a_longer_pause_is_granted() -> None:
    assert Patience().wait_ms(1, RateLimited("x", retry_after_ms=45_000)) == 45_000


async def test_a_good_connection_makes_the_next_failure_the_first() -> None:
    faults = [Fault("refuse", code=503)] * 2 + [Fault("reset", 32_000)]
    async with LiveDouble(faults) as double:
        session = Session(double, patience=Patience(first_wait_ms=1, longest_wait_ms=4, healthy_ms=0))
        assert await session.whole(2_000)
    told = [event.tries for event in session.events if isinstance(event, Reconnecting)]
    assert told == [1, 1, 1]


@pytest.mark.parametrize("fault", [Fault("refuse", code=401), Fault("close", 3_200, 4401)])
async def test_a_refusal_for_good_ends_the_relay_with_the_reason(fault: Fault) -> None:
    async with LiveDouble([fault]) as double:
        session = Session(double)
        session.feed(0, 1_000)
        assert not await session.relay.run()
    away = session.events[-1]
    assert isinstance(away, ProviderRefused)
    assert isinstance(away.error, AuthenticationFailed)
    assert session.provisional == {}


async def test_an_address_where_nobody_listens_is_tried_again() -> None:
    async with LiveDouble(port=free_port()) as gone:
        pass
    session = Session(gone)
    running = asyncio.create_task(session.relay.run())
    await session.until(lambda: session.states().count("Reconnecting") == 3)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    told = [event for event in session.events if isinstance(event, Reconnecting)]
    assert {type(event.error) for event in told} == {NotListening}


async def test_a_provider_that_is_back_is_found_before_the_wait_is_over() -> None:
    async with LiveDouble(port=free_port()) as double:
        pass
    patience = Patience(first_wait_ms=3_600_000, longest_wait_ms=3_600_000, probe=Probe(every_ms=5, spread_ms=0))
    sessions = [Session(double, patience=patience) for _ in range(20)]
    running = [asyncio.create_task(session.relay.run()) for session in sessions]
    for session in sessions:
        session.feed(0, 1_000)
        await session.until(lambda told=session.states: "Reconnecting" in told())
    async with LiveDouble(port=double.port) as back:
        for session in sessions:
            await session.until(lambda told=session.states: told()[-1] == "Connected")
            session.relay.stop()
        assert all(await asyncio.gather(*running))
        assert len(back.handshakes) == 20
    assert all(session.words == echo_words(1_000) for session in sessions)
    assert not reachability._watches


async def test_all_who_wait_for_one_provider_share_one_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    probes = []
    opened = asyncio.open_connection

    async def counted(host: str, port: int) -> object:
        probes.append(port)
        return await opened(host, port)

    async with LiveDouble() as double:
        monkeypatch.setattr(asyncio, "open_connection", counted)
        url = double.url.replace("http", "ws")
        await asyncio.gather(*(reachability.until_back(url, Probe(every_ms=1)) for _ in range(200)))
    assert probes == [double.port]


async def test_a_provider_that_refuses_is_not_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with LiveDouble([Fault("refuse", code=429)]) as double:
        session = Session(double, patience=Patience(first_wait_ms=3_600_000, probe=Probe(every_ms=1)))
        running = asyncio.create_task(session.relay.run())
        await session.until(lambda: "Reconnecting" in session.states())
        await asyncio.sleep(0)
        assert not reachability._watches
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_the_wait_for_a_word_begins_with_the_audio_that_nobody_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []
    receive = LiveSocket.receive

    async def noted(socket: LiveSocket, within_s: float | None = None) -> object:
        waits.append(within_s)
        return await receive(socket, within_s)

    monkeypatch.setattr(LiveSocket, "receive", noted)
    async with LiveDouble([Fault("stall", 2 * SLOT_BYTES)]) as double:
        session = Session(double, answer_ms=2_000)  # so long that a busy machine answers in time
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 100)
        await session.until(lambda: session.provisional != {})
        await asyncio.sleep(1)  # later than the last word by more than a busy machine lags
        session.feed(100, 200)
        await session.until(lambda: "Reconnecting" in session.states())
        session.relay.stop()
        assert await running
    # What is left of the time, not all of it again.
    assert any(within_s is not None and 0 <= within_s < 2 for within_s in waits), waits
