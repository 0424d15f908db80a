"""A session that no page is connected to says so, and the silence rule ends it with all that was recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.live.conftest import frame
from transcripts import clock, events
from transcripts.models import LiveSession, Recording
from transcripts.selectors import library, live
from transcripts.services.live import audio, leases, lifecycle, pauses
from transcripts.services.sharing import shares

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the pages of the session and of the team are told."""
    heard: list[str] = []
    monkeypatch.setattr(events, "publish_to_transcript", lambda _, message: heard.append(message["type"]))
    monkeypatch.setattr(events, "publish", lambda event, _: heard.append(event))
    return heard


def leave(session: LiveSession, minutes: int = 1) -> datetime:
    """Let the browser have died so long ago."""
    gone_at = clock.now() - timedelta(minutes=minutes)
    LiveSession.objects.filter(pk=session.pk).update(seen_at=gone_at, lease_until=gone_at + leases.LEASE)
    return gone_at


def test_a_session_is_paused_since_its_page_was_seen_last(session: LiveSession, told: list[str]) -> None:
    pauses.update()
    assert told == []
    gone_at = leave(session)
    pauses.update()
    pauses.update()
    assert LiveSession.objects.get().paused_at == gone_at
    assert told == ["paused", "recording.changed"]
    assert live.snapshot(session, 0)["paused"] == gone_at.isoformat()
    assert live.for_guests(session)["paused"] == gone_at.isoformat()


def test_a_page_that_comes_back_ends_the_pause(session: LiveSession, told: list[str]) -> None:
    leave(session)
    pauses.update()
    told.clear()
    assert leases.take(LiveSession.objects.get()).paused_at is None
    assert told == ["taken", "resumed", "recording.changed"]
    pauses.update()
    assert live.snapshot(session, 0)["paused"] is None


def test_the_library_says_paused(session: LiveSession, pipeline: Pipeline) -> None:
    def words() -> str:
        return library.row(pipeline.person, session.recording_id).status.words

    assert words() == "Live now"
    leave(session)
    pauses.update()
    assert words() == "Paused: no one has been connected since"


def test_pages_of_members_and_guests_say_paused_before_any_script(
    session: LiveSession, pipeline: Pipeline, client: Client
) -> None:

    leave(session)
    pauses.update()
    share = shares.share_captions(session.recording, actor=pipeline.person, lifetime="day")
    assert b"Paused: no one has been connected since" in client.get(f"/captions/{share.token}/").content
    client.force_login(pipeline.person)
    assert b"Paused: no one has been connected since" in client.get(f"/live/{session.pk}/").content


def test_the_silence_rule_ends_it_with_all_that_was_recorded(
    session: LiveSession, pipeline: Pipeline, settings: Settings
) -> None:
    settings.LIVE_SILENCE_MINUTES = 30
    writer = audio.Writer(session)
    for number in range(20):
        writer.write(number, frame(number))
    leave(session, minutes=29)
    pipeline.conductor.tick()
    assert LiveSession.objects.get().status == "live"
    leave(session, minutes=31)
    LiveSession.objects.update(paused_at=None)
    pipeline.conductor.tick()
    pipeline.work()
    ended = LiveSession.objects.get()
    assert (ended.status, ended.frames) == ("finished", 20)
    assert Recording.objects.get().duration_ms == 2_000
    assert live.why_ended(ended) == (
        "Ended because no one had been connected for 30 minutes. Everything recorded before is saved."
    )


def test_without_a_silence_rule_it_stays_open(session: LiveSession, settings: Settings) -> None:
    settings.LIVE_SILENCE_MINUTES = 0
    leave(session, minutes=600)
    pauses.update()
    assert LiveSession.objects.get().status == "live"


def test_someone_who_comes_back_in_that_moment_keeps_the_session(
    session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the end the page is back."""
    leave(session, minutes=600)
    pauses._note_paused()
    finish = lifecycle.finish

    def come_back_first(*arguments: object, **options: object) -> bool:
        leases.take(session)
        return finish(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(lifecycle, "finish", come_back_first)
    pauses.update()
    assert LiveSession.objects.get().status == "live"


def test_a_process_that_renews_late_ends_the_pause_and_not_the_session(session: LiveSession, told: list[str]) -> None:
    """The database was away for longer than a lease: no page has left."""
    leave(session, minutes=31)
    pauses._note_paused()
    told.clear()
    assert not leases.renew_all([(session, 10)])
    pauses._end_abandoned()
    assert LiveSession.objects.get().status == "live"
    pauses.update()
    assert LiveSession.objects.get().paused_at is None
    assert told == ["resumed", "recording.changed"]
