"""The relay with the real speech server, which has a process, a network and a recogniser of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.live.relay import HASTY, Session
from tests.support.speech_server.process import SpeechProcess
from tests.support.speech_server.recogniser import live_segments_of, samples_of, words_of
from transcripts.providers.errors import Busy, RateLimited
from transcripts.providers.relay.runner import ProviderRefused, Reconnecting

if TYPE_CHECKING:
    from pathlib import Path


def speak(session: Session, sound: bytes) -> None:
    """All of it at once; what leaves memory is read back from it."""

    def kept(from_ms: int, until_ms: int) -> bytes:
        return sound[from_ms * 32 : until_ms * 32]

    session.kept = kept
    for at in range(0, len(sound), 3_200):
        session.relay.feed(at // 32, sound[at : at + 3_200])


async def test_a_scripted_session_is_told_word_for_word(speech: SpeechProcess) -> None:
    session = Session(speech)
    assert await session.whole(10_000)
    assert session.words == [f"w{at}" for at in range(0, 10_000, 500)]


async def test_a_server_that_is_killed_and_comes_back_is_found_again(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={}) as server:
        session = Session(server)
        running = asyncio.create_task(session.relay.run())
        session.feed(0, 6_000)
        await session.until(lambda: len(session.words) == 10)
        await asyncio.to_thread(server.kill)
        session.feed(6_000, 9_000)
        await session.until(lambda: "Reconnecting" in session.states())
        await asyncio.to_thread(server.start)
        await session.until(lambda: session.states()[-1] == "Connected")
        session.relay.stop()
        assert await running
    assert session.times == sorted(session.times)
    assert session.times[:20:2] == list(range(0, 5_000, 500))
    # Its words begin anew with each connection: from the run-up before 5 s on, told apart by their times.
    assert session.times[20::2] == list(range(5_000, 9_000, 500))


async def test_a_server_that_stops_says_so_and_is_waited_for(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={}) as server:
        session = Session(server)
        running = asyncio.create_task(session.relay.run())
        await session.until(lambda: "Connected" in session.states())
        await asyncio.to_thread(server.stop)
        await session.until(lambda: "Reconnecting" in session.states())
        first = next(event for event in session.events if isinstance(event, Reconnecting))
        assert type(first.error) is Busy
        await asyncio.to_thread(server.start)
        session.relay.stop()
        assert await running


async def test_a_full_server_is_waited_for(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path, script={}, sessions=1) as server:
        first, second = Session(server), Session(server)
        running = [asyncio.create_task(first.relay.run())]
        await first.until(lambda: "Connected" in first.states())
        running.append(asyncio.create_task(second.relay.run()))
        second.feed(0, 1_000)
        await second.until(lambda: "Reconnecting" in second.states())
        first.relay.stop()
        await second.until(lambda: "Connected" in second.states())
        second.relay.stop()
        assert await asyncio.gather(*running) == [True, True]
    refusals = [event for event in second.events if isinstance(event, Reconnecting)]
    assert {type(event.error) for event in refusals} == {RateLimited}
    assert second.words == ["w0", "w500"]


async def test_a_wrong_key_ends_the_relay_with_a_sentence(speech: SpeechProcess) -> None:
    class Stranger:
        url, key = speech.url, "wrong"

    session = Session(Stranger(), patience=HASTY)
    assert not await session.relay.run()
    assert isinstance(session.events[-1], ProviderRefused)
    assert "API key" in str(session.events[-1].error)


@pytest.mark.corpus
async def test_words_through_the_relay_are_those_of_the_file_recogniser(tmp_path: Path, corpus: Path) -> None:
    path = corpus / "speech" / "en_read_lj050.wav"
    sound = samples_of(path)
    with SpeechProcess(tmp_path) as server:
        session = Session(server, patience=replace(HASTY, drain_ms=100_000))  # however slow the machine
        speak(session, sound)
        session.relay.stop()
        assert await session.relay.run()
    expected = words_of(live_segments_of(path))
    assert session.words == expected
    assert len(expected) > 10
