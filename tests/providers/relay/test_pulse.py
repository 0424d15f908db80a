"""The relay speaks Pulse just as it speaks SpeechStream."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from tests.support.live.provider import Fault, echo_words
from tests.support.live.relay import HASTY, Session
from transcripts.providers.errors import RateLimited
from transcripts.providers.live import Speech
from transcripts.providers.relay.runner import ProviderRefused, Reconnecting

if TYPE_CHECKING:
    from tests.support.pulse import PulseDouble

LENGTH_MS = 8_000


async def test_a_session_is_told_word_for_word(pulse: PulseDouble) -> None:
    session = Session(pulse, kind="pulse")
    assert await session.whole(LENGTH_MS)
    assert session.words == echo_words(LENGTH_MS)
    assert session.states()[:2] == ["Connecting", "Connected"]
    assert Speech(is_heard=True, at_ms=0) in session.events
    assert {(final.segment.language, final.segment.speaker) for final in session.finals} == {("en", "0")}


async def test_at_random_cuts_no_word_is_lost_or_doubled(pulse: PulseDouble) -> None:
    chance = random.Random(5)
    for _ in range(8):
        cuts = [Fault("reset", chance.randrange(0, LENGTH_MS * 32)) for _ in range(3)]
        pulse.rescript({"live": list(cuts)})
        session = Session(pulse, kind="pulse")
        assert await session.whole(LENGTH_MS)
        assert session.words == echo_words(LENGTH_MS), cuts
        assert session.times == sorted(session.times)


async def test_too_many_sessions_are_waited_for(pulse: PulseDouble) -> None:
    pulse.rescript({"live": [Fault("close", 0, 1008)]})
    session = Session(pulse, kind="pulse")
    assert await session.whole(LENGTH_MS)
    [told] = [event for event in session.events if isinstance(event, Reconnecting)]
    assert type(told.error) is RateLimited
    assert session.words == echo_words(LENGTH_MS)


async def test_a_wrong_key_ends_it_before_anything_is_sent(pulse: PulseDouble) -> None:
    class Stranger:
        url, key = pulse.url, "wrong"

    session = Session(Stranger(), kind="pulse", patience=HASTY)
    assert not await asyncio.wait_for(session.relay.run(), 20)
    assert isinstance(session.events[-1], ProviderRefused)
