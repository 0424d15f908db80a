"""The library: what it lists, in what words, in how many queries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Recording
from transcripts.models.choices import JobStatus, Stage
from transcripts.selectors import library
from transcripts.selectors.library import listing

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User
    from tests.factories import Cast

HOSTILE = "<script>alert(1)</script>\"'><img src=x>"
VERBS = ("recording_rename", "recording_delete", "recording_retry")


def html(user: User, path: str = "", **headers: str) -> str:
    return client_of(user).get(path or reverse("library"), headers=headers).content.decode()


def row_html(user: User, recording_id: object) -> str:
    return html(user, reverse("recording_row", args=[recording_id]))


def test_the_library_lists_what_the_teams_own_and_nothing_else(cast: Cast) -> None:
    factories.make_recording(cast.team, "Council meeting")
    assert "Council meeting" in html(cast.vera)
    assert "Council meeting" not in html(cast.charlie)


def test_what_lies_in_the_bin_is_not_listed(cast: Cast) -> None:
    factories.make_recording(cast.team, "Old meeting", deleted_at=timezone.now())
    assert "Old meeting" not in html(cast.alice)


@pytest.mark.parametrize(
    ("stage", "progress", "words"),
    [
        (Stage.PREPARING, 40, ["Preparing", "40 %"]),
        (Stage.WAITING, None, ["Waiting, next in the queue"]),
        (Stage.SENDING, None, ["Sending"]),
        (Stage.TRANSCRIBING, 38, ["Transcribing", "38 %"]),
    ],
)
def test_a_row_says_what_is_being_done(cast: Cast, stage: str, progress: int | None, words: list[str]) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, stage=stage, progress=progress)
    row = row_html(cast.vera, recording.pk)
    assert all(word in row for word in words)


def test_a_row_tells_the_place_in_line(cast: Cast) -> None:
    for title in ("First", "Second"):
        recording = factories.make_recording(cast.team, title)
        factories.make_job(recording, stage=Stage.WAITING)
    assert "Waiting, second in the queue" in row_html(cast.vera, recording.pk)


def test_a_row_says_until_when_the_provider_asked_to_wait(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    until = timezone.now() + timedelta(minutes=20)
    job = factories.make_job(recording, stage=Stage.WAITING)
    factories.make_pause(job, until, "The provider asks to wait")
    assert f"{until:%H:%M}" in row_html(cast.vera, recording.pk)
    page = html(cast.vera, recording.get_absolute_url())
    assert "The provider asks to wait. Nothing is lost" in page


def test_a_failed_row_says_why_and_leads_to_what_one_can_do(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(
        recording, JobStatus.FAILED, error_code="no_sound_track", error_message="This file has no audio track."
    )
    row = row_html(cast.erin, recording.pk)
    assert "No audio track" in row
    assert "See why" in row
    assert "Try again" in row


def test_a_viewer_is_offered_nothing_that_changes(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, JobStatus.FAILED)
    for page in (row_html(cast.vera, recording.pk), html(cast.vera, recording.get_absolute_url())):
        assert not [verb for verb in VERBS if reverse(verb, args=[recording.pk]) in page]


def test_an_editor_is_offered_what_changes(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, JobStatus.FAILED)
    page = html(cast.erin, recording.get_absolute_url())
    assert [verb for verb in VERBS if reverse(verb, args=[recording.pk]) in page] == list(VERBS)


def test_a_ready_row_leads_to_the_transcript(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    transcript = factories.make_transcript(recording)
    row = row_html(cast.vera, recording.pk)
    assert f'href="{transcript.get_absolute_url()}"' in row
    assert "2 speakers" in row
    assert "Draft" in row


def test_the_newest_transcript_is_the_one_that_counts(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    old = factories.make_transcript(recording)
    new = factories.make_transcript(recording)
    row = row_html(cast.vera, recording.pk)
    assert new.get_absolute_url() in row
    assert old.get_absolute_url() not in row


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Done", "Making", "Broken"}),
        ("state=working", {"Making"}),
        ("state=failed", {"Broken"}),
        ("state=nonsense", {"Done", "Making", "Broken"}),
        ("q=rok", {"Broken"}),
        ("team=newsroom", {"Done", "Making", "Broken"}),
        ("team=charlie", set()),
    ],
)
def test_filters_narrow_the_list(cast: Cast, query: str, shown: set[str]) -> None:
    factories.make_transcript(factories.make_recording(cast.team, "Done"))
    factories.make_job(factories.make_recording(cast.team, "Making"))
    factories.make_job(factories.make_recording(cast.team, "Broken"), JobStatus.FAILED)
    page = html(cast.vera, f"/?{query}")
    assert {title for title in ("Done", "Making", "Broken") if f">{title}</a>" in page} == shown


def test_each_filter_can_be_taken_off_again(cast: Cast) -> None:
    page = html(cast.vera, "/?state=failed")
    (everything,) = re.findall(r'id="state-all"\s+class="chip"\s+href="([^"]*)"', page)
    assert everything in ("/", "/?")


def test_a_failure_that_was_made_good_is_no_failure(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, "Second try")
    factories.make_job(recording, JobStatus.FAILED)
    factories.make_transcript(recording)
    assert "Second try" not in html(cast.vera, "/?state=failed")


def test_older_pages_follow_without_a_gap_or_a_double(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    moment = timezone.now()
    # The same moment twice over: the id decides
    for number in range(8):
        factories.make_recording(cast.team, f"No {number}", created_at=moment - timedelta(seconds=number // 4))
    seen: list[str] = []
    cursor = ""
    while True:
        page = library.page(cast.vera, library.Filters(after=cursor))
        seen += [row.recording.title for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert sorted(seen) == [f"No {number}" for number in range(8)]
    assert len(seen) == 8


@pytest.mark.parametrize("cursor", ["nonsense", "1.2", "99999999999999999999999.x", "1." + "0" * 32])
def test_a_cursor_nobody_made_is_no_error(cast: Cast, cursor: str) -> None:
    assert client_of(cast.vera).get("/", {"after": cursor}).status_code == 200


def test_above_its_limit_the_count_is_not_exact(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNT_LIMIT", 2)
    for _ in range(4):
        factories.make_recording(cast.team)
    assert "More than 2 recordings" in html(cast.vera)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        recording = factories.make_recording(cast.team, f"No {number}", owner=cast.alice)
        factories.make_transcript(recording)
        factories.make_job(factories.make_recording(cast.team, f"Wait {number}"), stage=Stage.WAITING)
    with django_assert_num_queries(9):
        page = library.page(cast.vera, library.Filters())
        assert len(page.rows) == 40
        for row in page.rows:
            assert row.recording.team.name and row.status.words and row.href


def test_the_trash_asks_once_for_what_its_rows_say(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        recording = factories.make_recording(cast.team, f"Old {number}", owner=cast.alice)
        Recording.objects.filter(pk=recording.pk).update(deleted_at=timezone.now() - timedelta(days=number))
    with django_assert_max_num_queries(8):
        page = library.page(cast.alice, library.Filters(state="trash"))
        assert [row.days_left for row in page.rows] == [30 - number for number in range(20)]


def test_hostile_titles_are_only_ever_text(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, HOSTILE, owner=cast.alice, filename=HOSTILE)
    transcript = factories.make_transcript(recording, [(HOSTILE, HOSTILE)], engine=HOSTILE)
    pages = ["/", "/?q=%3Cscript%3E", recording.get_absolute_url(), transcript.get_absolute_url()]
    for path in pages:
        page = html(cast.alice, path)
        assert "<script>alert" not in page
        assert "<img" not in page


@pytest.mark.parametrize(("query", "finds"), [("?q=a%00b", True), ("?q=a%00c", False), ("?team=a%00b", False)])
def test_a_search_is_for_what_can_be_stored_of_it(cast: Cast, query: str, *, finds: bool) -> None:
    factories.make_recording(cast.team, "ab")
    assert ("/recordings/" in html(cast.alice, reverse("library") + query)) == finds


def test_the_search_of_a_hostile_title_is_escaped(cast: Cast) -> None:
    assert "<script>alert" not in html(cast.alice, "/?q=<script>alert(1)</script>&state=<script>alert")
