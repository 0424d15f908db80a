"""Live sessions during a drill of the real engine: what was spoken has its words in the end, each of them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from tests.live.test_provider_link import Speaker, do, until
from transcripts.models import Segment
from transcripts.services.live import leases, lifecycle
from transcripts.services.operating import drills

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess
    from transcripts.models import LiveSession

# The scripted engine makes words of half a second, five of them a final
FINAL_MS, WORD_MS = 2_500, 500


@pytest.fixture
async def session(pipeline: Pipeline, drilled: SpeechProcess) -> AsyncIterator[LiveSession]:
    """A session whose words come from the engine that is drilled."""
    team = await do(lambda: pipeline.person.personal_team)
    made = await do(lifecycle.start, owner=pipeline.person, team=team, title="Meeting")
    yield await do(leases.take, made)
    await sync_to_async(connections.close_all)()


def word_times() -> list[tuple[int, int]]:
    """Return when the words were spoken, in the order of the transcript."""
    rows = Segment.objects.order_by("start_ms").values_list("words", flat=True)
    return [(word[1], word[2]) for words in rows for word in words]


def words_until(until_ms: int) -> list[tuple[int, int]]:
    """Return the times of all words of so much audio."""
    return [(at, at + WORD_MS) for at in range(0, until_ms, WORD_MS)]


@pytest.mark.parametrize("kind", ["dropped", "outage"])
async def test_words_continue_after_connections_that_were_cut(
    kind: str, pipeline: Pipeline, drilled: SpeechProcess, session: LiveSession
) -> None:
    async with Speaker(session) as speaker:
        await speaker.speak(FINAL_MS)
        await until(lambda: word_times() == words_until(FINAL_MS))
        await do(drills.begin, pipeline.account, pipeline.person, kind, "1")
        await until(lambda: bool(speaker.news()))
        await speaker.speak(2 * FINAL_MS)
        if kind == "outage":
            await do(drills.end, pipeline.account, pipeline.person)
        # The new connection began a little earlier, so that its finals end elsewhere
        await until(lambda: len(word_times()) > FINAL_MS // WORD_MS)
        assert await speaker.stop()
    assert await do(word_times) == words_until(2 * FINAL_MS)


@pytest.mark.parametrize("kind", ["too_many", "slow"])
async def test_a_session_that_begins_during_a_drill_gets_its_words(
    kind: str, pipeline: Pipeline, drilled: SpeechProcess, session: LiveSession
) -> None:
    await do(drilled.drill, kind, 2)
    async with Speaker(session) as speaker:
        await speaker.speak(FINAL_MS)
        await until(lambda: word_times() == words_until(FINAL_MS))
        assert await speaker.stop()


@pytest.mark.parametrize("kind", ["too_many", "slow"])
async def test_a_session_that_is_open_continues_during_a_drill(
    kind: str, pipeline: Pipeline, drilled: SpeechProcess, session: LiveSession
) -> None:
    async with Speaker(session) as speaker:
        await speaker.speak(FINAL_MS)
        await until(lambda: word_times() == words_until(FINAL_MS))
        await do(drills.begin, pipeline.account, pipeline.person, kind, "1")
        await speaker.speak(2 * FINAL_MS)
        await until(lambda: word_times() == words_until(2 * FINAL_MS))
        assert await speaker.stop()
