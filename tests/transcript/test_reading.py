"""Where a person is in a transcript: stored by person, bounded, and found again on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts import preferences
from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Reading, Transcript
from transcripts.selectors.review.header import review_of
from transcripts.services.transcript import reading

if TYPE_CHECKING:
    from tests.factories import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    made = factories.make_transcript(factories.make_recording(cast.team))
    Transcript.objects.filter(pk=made.pk).update(changes=5)
    return made


def post(user: Any, transcript: Transcript, **fields: Any) -> Any:
    return client_of(user).post(reverse("transcript_position", args=[transcript.pk]), fields)


def test_each_person_continues_where_they_were(cast: Cast, transcript: Transcript) -> None:
    post(cast.vera, transcript, position_ms=12_000)
    post(cast.vera, transcript, position_ms=9_000)
    post(cast.erin, transcript, position_ms=30_000)
    assert 'data-position="9000"' in client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert 'data-position="30000"' in client_of(cast.erin).get(transcript.get_absolute_url()).content.decode()
    assert Reading.objects.count() == 2


def test_a_position_behind_the_end_is_the_end(cast: Cast, transcript: Transcript) -> None:
    assert post(cast.vera, transcript, position_ms=99_000).json()["position_ms"] == 41_000


def test_what_was_seen_only_rises_and_is_a_change_there_is(cast: Cast, transcript: Transcript) -> None:
    assert post(cast.vera, transcript, seen_change=3).json() == {"position_ms": 0, "seen_change": 3}
    assert post(cast.vera, transcript, seen_change=2).json()["seen_change"] == 3
    assert post(cast.vera, transcript, seen_change=100).json()["seen_change"] == 5


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"position_ms": "-1"},
        {"position_ms": "1.5"},
        {"position_ms": "²"},
        {"seen_change": ""},
        {"position_ms": "9" * 5_000},
    ],
)
def test_what_is_no_position_is_refused(cast: Cast, transcript: Transcript, fields: dict[str, str]) -> None:
    answer = post(cast.vera, transcript, **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not Reading.objects.exists()


# How long people work


def seconds(transcript: Transcript) -> int:
    return Transcript.objects.get(pk=transcript.pk).review_seconds


def test_the_time_of_all_who_may_edit_is_counted_together(cast: Cast, transcript: Transcript) -> None:
    for who in (cast.erin, cast.alice, cast.vera):
        post(who, transcript, active_s=60)
    assert seconds(transcript) == 120
    assert not Reading.objects.filter(active_seconds__gt=0).exists()


def test_a_page_tells_no_more_than_it_can_have_counted(cast: Cast, transcript: Transcript) -> None:
    post(cast.erin, transcript, active_s=5_000)
    assert seconds(transcript) == reading.MOST_ACTIVE_S


def test_by_name_it_is_shown_only_while_a_person_wants_that(cast: Cast, transcript: Transcript) -> None:
    preferences.change(cast.erin, {"review_time": "named"})
    for who in (cast.erin, cast.alice):
        post(who, transcript, active_s=60)
    assert review_of(cast.alice, transcript.pk).by_name == [(str(cast.erin), 60_000)]
    assert review_of(cast.vera, transcript.pk).by_name == []
    preferences.change(cast.erin, {"review_time": "counted"})
    assert review_of(cast.alice, transcript.pk).by_name == []


def test_the_team_reads_it_for_each_minute_of_audio(cast: Cast, transcript: Transcript) -> None:
    assert review_of(cast.vera, transcript.pk).minutes_per_minute is None
    post(cast.erin, transcript, active_s=60)
    page = client_of(cast.erin).get(transcript.get_absolute_url()).content.decode()
    assert review_of(cast.vera, transcript.pk).minutes_per_minute == 1.46
    assert "minutes for each minute of audio" in page
