"""A session is linked to its provider while someone speaks; no word is lost or doubled as the link comes and goes."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.db import connections

from tests.support.live.provider import Fault, LiveDouble, echo_audio, echo_words
from transcripts.models import LiveSession, ProviderAccount, Segment, Transcript
from transcripts.services.live import final_words, leases, lifecycle, provider_link
from transcripts.services.live.live_host import LiveHost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.support.pipeline import Pipeline
    from transcripts import access

WITHIN_S = 20


@pytest.fixture
async def double(transactional_db: None) -> AsyncIterator[LiveDouble]:
    async with LiveDouble(key="test-key-1234") as running:
        yield running
    await sync_to_async(connections.close_all)()


async def do(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await database_sync_to_async(function, thread_sensitive=False)(*args, **kwargs)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await do(is_so):
            await asyncio.sleep(0.01)


async def until_let_go(double: LiveDouble, times: int) -> None:
    """Wait until the provider was let go so often, and the session has no place."""
    await until(lambda: len(double.goodbyes) == times and LiveSession.objects.get().slot_until is None)


class Speaker:
    """`async with Speaker(session) as speaker:` - someone who records alone, and what they are told."""

    fence = 1

    def __init__(self, session: LiveSession) -> None:
        self.told: list[dict[str, Any]] = []
        self.session = session
        self.who: access.Viewer = ("user", session.owner_id or 0)

    async def __aenter__(self) -> Self:
        self.host = LiveHost(str.encode)
        await self.host.open()
        await self.host.audience.join(self.session.transcript_id, self)
        self.hosted = await self.host.hold(self.session)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.host.audience.leave(self.session.transcript_id, self)
        await self.host.close()

    def receive_message(self, text: str, encoded: bytes) -> None:
        """Note what is told."""
        self.told.append(json.loads(text))

    def dismiss(self) -> None:
        """No one is sent away here."""

    def lose(self) -> None:
        """No one takes over here."""

    def news(self) -> list[str]:
        """What was said about the provider."""
        return [message["sentence"] for message in self.told if message["type"] == "relay"]

    async def speak(self, until_ms: int) -> None:
        for at in range(self.hosted.safe_ms, until_ms, 100):
            await self.hosted.frame(at // 100, echo_audio(at, at + 100))

    async def stop(self) -> bool:
        async with asyncio.timeout(WITHIN_S):
            return await self.host.release(self.hosted, drain=True)

    @property
    def words(self) -> list[str]:
        finals = (message["rows"][0]["text"] for message in self.told if message["type"] == "edit")
        return " ".join(finals).split()


async def begin(pipeline: Pipeline, double: LiveDouble, *, language: str = "") -> LiveSession:
    await ProviderAccount.objects.aupdate(endpoint=double.url)
    team = await do(lambda: pipeline.person.personal_team)
    made = await do(lifecycle.start, owner=pipeline.person, team=team, title="Meeting", language=language)
    taken: LiveSession = await do(leases.take, made)
    return taken


async def test_where_nobody_speaks_the_provider_is_let_go_and_comes_back_with_the_next_word(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_link, "IDLE_S", 0.1)
    session = await begin(pipeline, double)
    async with Speaker(session) as speaker:
        for times, spoken_ms in enumerate((1_000, 2_500, 2_600), start=1):
            await speaker.speak(spoken_ms)
            await until_let_go(double, times)
            assert speaker.words == echo_words(spoken_ms)
        assert double.controls == ["close_stream"] * 3
        assert await speaker.stop()
        assert len(double.handshakes) == 3
        assert speaker.words == echo_words(2_600)


async def test_stopping_at_once_after_a_pause_loses_no_word(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_link, "IDLE_S", 0.1)
    async with Speaker(await begin(pipeline, double)) as speaker:
        await speaker.speak(1_000)
        await until_let_go(double, 1)
        await speaker.speak(1_900)
        assert await speaker.stop()
        assert speaker.words == echo_words(1_900)


async def test_what_was_said_without_a_place_is_written_once_there_is_one(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_link, "RETRY_S", 0.05)
    session = await begin(pipeline, double)
    other = await begin(pipeline, double)
    await ProviderAccount.objects.aupdate(live_limit=1)
    await do(leases.release_slot, session)
    async with Speaker(session) as speaker:
        await speaker.speak(1_000)
        await until(lambda: bool(speaker.news()))
        assert speaker.news()[0].startswith("All live slots of SpeechStream are in use. Your audio is saved")
        assert double.handshakes == []
        await do(lifecycle.finish, other)
        await until(lambda: bool(double.handshakes))
        await speaker.speak(1_500)
        assert await speaker.stop()
        assert speaker.words == echo_words(1_500)
        assert speaker.news()[-1] == ""


async def test_whoever_stops_without_a_place_is_transcribed_afterwards(pipeline: Pipeline, double: LiveDouble) -> None:
    session = await begin(pipeline, double)
    await begin(pipeline, double)
    await ProviderAccount.objects.aupdate(live_limit=1)
    await do(leases.release_slot, session)
    async with Speaker(session) as speaker:
        await speaker.speak(1_000)
        assert not await speaker.stop()
        assert speaker.hosted.safe_ms == 1_000


async def test_a_provider_that_refuses_for_good_keeps_no_place(pipeline: Pipeline, double: LiveDouble) -> None:
    double.faults.append(Fault("refuse", code=401))
    async with Speaker(await begin(pipeline, double)) as speaker:
        await speaker.speak(500)
        await until(lambda: LiveSession.objects.get().slot_until is None)
        await speaker.speak(1_000)
        assert not await speaker.stop()
        assert speaker.news()[-1].startswith("The provider can’t transcribe live now. Your audio is saved")
    assert len(double.handshakes) == 1


async def test_a_database_that_was_away_for_a_final_costs_no_word(
    pipeline: Pipeline, double: LiveDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_link, "RETRY_S", 0.05)
    append, failures = final_words.append, iter(range(2))

    def away(*args: Any) -> Any:
        if next(failures, None) is not None:
            raise ConnectionError
        return append(*args)

    monkeypatch.setattr(final_words, "append", away)
    async with Speaker(await begin(pipeline, double)) as speaker:
        await speaker.speak(1_500)
        await until(lambda: len(double.handshakes) == 3)
        assert await speaker.stop()
        assert speaker.words == echo_words(1_500)
    kept = await do(lambda: [row.text for row in Segment.objects.order_by("position")])
    assert " ".join(kept).split() == echo_words(1_500)


async def test_words_that_stayed_provisional_are_text_and_no_gap(pipeline: Pipeline, transactional_db: None) -> None:
    """The provider shows grey words, breaks, and takes the session no more: what was shown is not lost."""
    faults = [Fault("close", after_bytes=64_000), Fault("refuse", code=401)]
    async with LiveDouble(faults, key="test-key-1234", words_a_final=1_000) as double:
        session = await begin(pipeline, double)
        async with Speaker(session) as speaker:
            await speaker.speak(2_000)
            await until(lambda: any("can’t transcribe live" in text for text in speaker.news()))
            await speaker.speak(3_000)
            assert not await speaker.stop()
            await do(lifecycle.finish, session, by_its_holder=True)
        ended = await LiveSession.objects.aget()
        [row] = [row async for row in Segment.objects.all()]
    shown = [message["text"] for message in speaker.told if message["type"] == "partial" and message["text"]]
    assert row.text == shown[-1]
    assert row.is_unconfirmed
    assert ended.unconfirmed == [[0, row.end_ms]]
    assert ended.gaps == [[row.end_ms, 3_000]]
    assert not ended.is_whole
    await sync_to_async(connections.close_all)()


async def test_provisional_words_that_become_final_are_written_once(pipeline: Pipeline, double: LiveDouble) -> None:
    double.faults = [Fault("close", after_bytes=32_000)]
    double.words_a_final = 7
    session = await begin(pipeline, double)
    async with Speaker(session) as speaker:
        await speaker.speak(3_000)
        assert await speaker.stop()
        assert speaker.hosted.provisional.take() is None
    assert speaker.words == echo_words(3_000)


TOO_SLOW = {
    "type": "error",
    "code": "too_slow",
    "message": "This machine is too slow for live transcription in German",
}


async def test_a_provider_too_slow_for_a_language_is_said_so_and_asked_no_more(
    pipeline: Pipeline, double: LiveDouble
) -> None:
    double.faults.append(Fault("close", after_bytes=1, code=4424, says=TOO_SLOW))
    session = await begin(pipeline, double)
    async with Speaker(session) as speaker:
        await speaker.speak(500)
        await until(lambda: LiveSession.objects.get().slot_until is None)
        await speaker.speak(1_000)
        assert not await speaker.stop()
        assert speaker.news()[-1] == (
            "This machine is too slow for live transcription in German. "
            "Your audio is saved and will be transcribed after you end the session."
        )
        assert speaker.hosted.safe_ms == 1_000
    assert len(double.handshakes) == 1
    # Another session tries anew: the machine may have had other work
    async with Speaker(await begin(pipeline, double)) as speaker:
        await speaker.speak(500)
        assert await speaker.stop()
    assert speaker.words == echo_words(500)


async def test_what_a_live_session_is_in_is_kept_for_each_line_and_for_most_of_the_text(
    pipeline: Pipeline, double: LiveDouble
) -> None:
    double.languages = ["en", "de", "de"]
    session = await begin(pipeline, double)
    async with Speaker(session) as speaker:
        await speaker.speak(3_000)
        await until(lambda: Transcript.objects.get().language == "en")
        assert await speaker.stop()
        assert await do(lifecycle.finish, session, is_whole=True, by_its_holder=True)
    told = [message["rows"][0]["language"] for message in speaker.told if message["type"] == "edit"]
    assert told[:3] == ["en", "de", "de"]
    transcript = await Transcript.objects.aget()
    assert (transcript.language, transcript.language_source) == ("de", "detected")


async def test_a_live_session_stays_in_the_language_that_was_chosen(pipeline: Pipeline, double: LiveDouble) -> None:
    double.languages = ["en", "de", "de"]
    session = await begin(pipeline, double, language="en")
    async with Speaker(session) as speaker:
        await speaker.speak(3_000)
        assert await speaker.stop()
        assert await do(lifecycle.finish, session, is_whole=True, by_its_holder=True)
    transcript = await Transcript.objects.aget()
    assert (transcript.language, transcript.language_source) == ("en", "chosen")


async def test_a_provider_that_cannot_take_what_is_wished_is_said_so(pipeline: Pipeline, double: LiveDouble) -> None:
    session = await begin(pipeline, double)
    # Chosen when the provider took any language; now it must be told one of its own
    session.account.kind = "pulse"
    async with Speaker(session) as speaker:
        await speaker.speak(500)
        assert [text.startswith("The provider can’t transcribe live now.") for text in speaker.news()] == [True]
        assert not await speaker.stop()
    assert double.handshakes == []
