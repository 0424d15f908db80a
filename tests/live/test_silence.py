"""Silence and used-up minutes are warned of first; what was said is kept."""

from __future__ import annotations

from array import array
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from transcripts import clock
from transcripts.models import Activity, LiveSession, Recording
from transcripts.services.errors import Refused
from transcripts.services.live import leases, lifecycle, minutes, watchdog
from transcripts.services.live.watchdog import Watchdog

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline

SILENCE = bytes(3_200)
# −51 and −49 dB below the loudest
HISS = array("h", [92, -92] * 800).tobytes()
MURMUR = array("h", [-116, 116] * 800).tobytes()
MINUTE = 600


def feed(over: Watchdog, sound: bytes, frames: int) -> list[dict[str, Any]]:
    for _ in range(frames):
        over.observe(sound)
    news, over.news = over.news, []
    return news


@pytest.mark.parametrize("sound", [SILENCE, HISS])
def test_silence_is_warned_of_a_minute_before_it_ends_the_session(sound: bytes) -> None:
    over = Watchdog(silence_ms=30 * 60_000)
    assert feed(over, sound, 29 * MINUTE - 1) == []
    assert feed(over, sound, 1) == [{"type": "silence", "left_s": 60}]
    assert feed(over, sound, MINUTE - 1) == []
    assert feed(over, sound, 1) == [{"type": "stop", "because": "silence", "sentence": "No speech for 30 minutes."}]
    assert over.because == "silence"


def test_any_sound_begins_the_count_anew() -> None:
    over = Watchdog(silence_ms=2 * 60_000)
    for _ in range(5):
        assert feed(over, SILENCE, MINUTE - 10) == []
        assert feed(over, MURMUR, 10) == []


def test_after_a_warning_sound_takes_it_back() -> None:
    over = Watchdog(silence_ms=2 * 60_000)
    feed(over, SILENCE, MINUTE)
    assert feed(over, MURMUR, 10) == [{"type": "sound"}]
    assert feed(over, SILENCE, 2 * MINUTE - 10) == [{"type": "silence", "left_s": 60}]


def test_whoever_is_there_may_go_on_in_silence() -> None:
    over = Watchdog(silence_ms=2 * 60_000)
    feed(over, SILENCE, MINUTE)
    over.note_presence()
    assert feed(over, SILENCE, 2 * MINUTE - 10) == [{"type": "silence", "left_s": 60}]
    assert over.because == ""


def test_a_page_that_goes_on_is_told_again_each_minute_and_sound_ends_that() -> None:
    over = Watchdog(silence_ms=2 * 60_000)
    assert len(feed(over, SILENCE, 5 * MINUTE)) == 5
    feed(over, MURMUR, 10)
    assert over.because == ""


def test_a_single_minute_of_silence_is_warned_of_at_its_half() -> None:
    over = Watchdog(silence_ms=60_000)
    assert [message["type"] for message in feed(over, SILENCE, MINUTE)] == ["silence", "stop"]


def test_without_limits_nothing_is_said() -> None:
    assert feed(Watchdog(), SILENCE, 60 * MINUTE) == []


def test_few_minutes_are_warned_of_once_and_then_the_page_is_told_to_stop() -> None:
    over = Watchdog(left_ms=7 * 60_000)
    assert feed(over, MURMUR, 2 * MINUTE - 1) == []
    assert [message["sentence"] for message in feed(over, MURMUR, 1)] == [
        "The team has 5 minutes of live transcription left this month."
    ]
    assert feed(over, MURMUR, 5 * MINUTE - 1) == []
    assert [(message["type"], message["because"]) for message in feed(over, MURMUR, 1)] == [("stop", "minutes")]
    assert len(feed(over, MURMUR, 2 * MINUTE)) == 2


def test_what_colleagues_used_meanwhile_counts_and_more_may_be_given() -> None:
    over = Watchdog(left_ms=60 * 60_000)
    feed(over, MURMUR, 300)
    assert over.must_ask
    over.allow(-60_000)
    assert not over.must_ask
    assert feed(over, MURMUR, 10)[-1]["because"] == "minutes"
    over.allow(60 * 60_000)
    assert feed(over, MURMUR, 10) == []
    assert over.because == ""


@pytest.fixture
def team(pipeline: Pipeline) -> Team:
    """A team with two minutes a month."""
    Team.objects.update(live_minutes_a_month=2)
    return Team.objects.get(pk=pipeline.person.personal_team.pk)


def begin(pipeline: Pipeline, team: Team) -> LiveSession:
    return leases.take(lifecycle.start(owner=pipeline.person, team=team, title="Meeting"))


def test_a_team_uses_up_its_minutes_by_what_it_speaks(pipeline: Pipeline, team: Team) -> None:
    first = begin(pipeline, team)
    assert not leases.renew_all([(first, MINUTE)])
    lifecycle.finish(first)
    second = begin(pipeline, team)
    assert not leases.renew_all([(second, MINUTE // 2)])
    assert minutes.left_ms(team) == 30_000
    assert watchdog.watchdog_for(second).left_ms == 30_000
    assert not leases.renew_all([(second, MINUTE)])
    Recording.objects.filter(live_session=first).update(deleted_at=clock.now())
    sentence = r"The team “.*” has used its 2 live minutes this month\. They renew on 1 [A-Z]"
    with pytest.raises(Refused, match=sentence):
        begin(pipeline, team)


def test_minutes_renew_with_the_month(pipeline: Pipeline, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not leases.renew_all([(begin(pipeline, team), 2 * MINUTE)])
    december = timezone.make_aware(datetime(2031, 12, 31, 23, 59, 59))
    LiveSession.objects.update(created_at=december)
    monkeypatch.setattr(clock, "now", lambda: december)
    with pytest.raises(Refused, match="renew on 1 January"):
        minutes.refuse_without(team)
    monkeypatch.setattr(clock, "now", lambda: december + timedelta(seconds=1))
    assert minutes.left_ms(team) == 120_000


def test_the_minutes_of_one_team_are_not_anothers(pipeline: Pipeline, team: Team) -> None:
    other = Team.objects.create(name="Court", slug="court", live_minutes_a_month=1)
    assert not leases.renew_all([(begin(pipeline, team), 2 * MINUTE)])
    assert minutes.left_ms(other) == 60_000
    assert minutes.left_ms(Team.objects.create(name="Free", slug="free", is_approved=True)) is None


@pytest.mark.parametrize(
    ("because", "sentence"),
    [
        ("silence", "Ended after 30 minutes of silence. Everything recorded before is saved."),
        ("minutes", "Ended because the team has used its 2 minutes of live transcription this month."),
        ("", ""),
    ],
)
def test_whoever_comes_back_reads_why_it_ended(
    pipeline: Pipeline, team: Team, client: Client, because: str, sentence: str
) -> None:
    session = begin(pipeline, team)
    lifecycle.finish(session, is_whole=True, because=because)
    LiveSession.objects.update(status="finished", finished_at=clock.now())
    client.force_login(pipeline.person)
    page = client.get(reverse("live_session", args=[session.pk]), follow=True).content.decode()
    assert sentence in page
    assert ("Everything recorded before is saved" in page) == bool(because)
    assert Activity.objects.get(verb="live:stopped").is_automatic == bool(because)


def test_the_settings_say_how_long_a_silence_may_be(pipeline: Pipeline, settings: Settings) -> None:
    session = begin(pipeline, pipeline.person.personal_team)
    assert watchdog.watchdog_for(session).silence_ms == 30 * 60_000
    settings.LIVE_SILENCE_MINUTES = 0
    assert watchdog.watchdog_for(session).silence_ms == 0
