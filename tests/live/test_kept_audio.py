"""A team decides, while a session is recorded, that its audio stays on this instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live.test_provider_link import Speaker, begin, do, until
from tests.live.test_provider_link import double as _double
from transcripts.models import ProviderAccount
from transcripts.services.live import live_host, provider_link
from transcripts.services.teams.routing import keep_audio

if TYPE_CHECKING:
    import pytest

    from tests.support.live.provider import LiveDouble
    from tests.support.pipeline import Pipeline

double = _double


async def test_nothing_more_is_sent_outside_and_the_recording_continues(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_host, "SYNC_EVERY_S", 0.05)
    await ProviderAccount.objects.aupdate(place="outside")
    async with Speaker(await begin(pipeline, double)) as speaker:
        await speaker.speak(1_000)
        await until(lambda: bool(speaker.words))
        await do(keep_audio, await do(lambda: pipeline.person.personal_team), keeps=True, actor=pipeline.person)
        await until(lambda: speaker.hosted.link is None)
        await until(lambda: provider_link.KEPT in speaker.news())
        handshakes = len(double.handshakes)
        await speaker.speak(3_000)
        assert not await speaker.stop()
        assert speaker.hosted.safe_ms == 3_000
        assert len(double.handshakes) == handshakes


async def test_a_session_that_is_taken_up_again_is_not_linked(pipeline: Pipeline, double: LiveDouble) -> None:
    session = await begin(pipeline, double)
    await ProviderAccount.objects.aupdate(place="outside")
    await do(session.account.refresh_from_db)
    await do(keep_audio, await do(lambda: pipeline.person.personal_team), keeps=True, actor=pipeline.person)
    async with Speaker(session) as speaker:
        await speaker.speak(1_000)
        assert speaker.news() == [provider_link.KEPT]
        assert not await speaker.stop()
    assert double.handshakes == []
