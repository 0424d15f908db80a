"""The terms of a team reach the provider of a live session, with each of its connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections

from tests.live.test_provider_link import Speaker, begin, do, until_let_go
from tests.support.live.provider import LiveDouble, echo_words
from transcripts.services import vocabulary
from transcripts.services.live import provider_link

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.pipeline import Pipeline


@pytest.fixture
async def double(transactional_db: None) -> AsyncIterator[LiveDouble]:
    async with LiveDouble(key="test-key-1234") as running:
        yield running
    await sync_to_async(connections.close_all)()


async def test_the_terms_of_the_team_are_told_at_each_connection(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_link, "IDLE_S", 0.1)
    team = await do(lambda: pipeline.person.personal_team)
    await do(vocabulary.add, team, vocabulary.Wish("Kakhovka"), actor=pipeline.person)
    async with Speaker(await begin(pipeline, double)) as speaker:
        for times, spoken_ms in enumerate((1_000, 2_000), start=1):
            await speaker.speak(spoken_ms)
            await until_let_go(double, times)
        assert await speaker.stop()
    assert ["vocabulary=Kakhovka" in handshake for handshake in double.handshakes] == [True, True]


async def test_a_database_that_is_away_costs_the_terms_and_not_the_session(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OperationalError

    session = await begin(pipeline, double)
    monkeypatch.setattr(vocabulary, "terms_of", fail)
    async with Speaker(session) as speaker:
        await speaker.speak(1_000)
        assert await speaker.stop()
        assert speaker.words == echo_words(1_000)
    assert "vocabulary" not in double.handshakes[0]
