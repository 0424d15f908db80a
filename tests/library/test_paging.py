"""Pages of the library: every order with every filter, to the end and back, without a gap or a double."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests import factories
from transcripts.models import Assignment, Folder, Grant, Recording
from transcripts.models.choices import GrantLevel, JobStatus, TranscriptStatus
from transcripts.selectors import library
from transcripts.selectors.library import listing
from transcripts.services import summaries
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from tests.factories import Cast

KEYS: dict[str, Callable[[Recording], Any]] = {
    "newest": lambda one: (-one.created_at.timestamp(), -one.pk.int),
    "oldest": lambda one: (one.created_at.timestamp(), one.pk.int),
    "title": lambda one: (one.title.lower(), one.pk.int),
    "due": lambda one: (one.due_on, one.pk.int),
    "reviewed": lambda one: (one.reviewed_percent, one.pk.int),
}


@pytest.fixture
def crowd(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Recording]:
    """Recordings of two teams and of a third one, alike in what they are sorted by, in every state; pages of three."""
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    teams = [
        cast.team,
        factories.make_team("Radio", editor=cast.alice),
        factories.make_team("Court", owner=cast.charlie),
    ]
    folder = Folder.objects.create(team=cast.team, name="Harbour")
    moment = timezone.now()
    for number in range(27):
        recording = factories.make_recording(
            teams[number % 3],
            ("apple", "Banana", "cherry")[number // 9],
            owner=(cast.alice, cast.erin, cast.charlie)[number % 3 if number % 2 else 0],
            folder=folder if number % 3 == 0 and number % 2 else None,
            created_at=moment - timedelta(seconds=number // 6),
        )
        _make_work(recording, number, cast)
    return list(Recording.objects.all())


def _make_work(recording: Recording, number: int, cast: Cast) -> None:
    kind = number % 5
    if kind == 0:
        factories.make_job(recording, JobStatus.FAILED)
    elif kind == 1:
        factories.make_job(recording, (JobStatus.QUEUED, JobStatus.RUNNING)[number % 2])
    else:
        statuses = {2: TranscriptStatus.DRAFT, 3: TranscriptStatus.IN_REVIEW, 4: TranscriptStatus.APPROVED}
        transcript = factories.make_transcript(recording, status=statuses[kind], reviewed_words=number % 4)
        if number % 2:
            Assignment.objects.create(transcript=transcript, assignee=cast.alice, due_on=date(2026, 11, 1 + number % 3))
            summaries.refresh(recording.pk)
    if number % 3 == 2 and number % 2:
        Grant.objects.create(recording=recording, user=cast.alice, level=GrantLevel.VIEW)
    if number > 24:
        trash.delete(recording, actor=cast.erin)


def expected(crowd: list[Recording], cast: Cast, filters: library.Filters) -> list[Recording]:
    """Sort and filter in Python what the database is to find."""
    present = [one for one in Recording.objects.all() if (one.deleted_at is not None) == (filters.state == "trash")]
    mine = [one for one in present if one.team.slug in ("newsroom", "radio")]
    found = {
        "mine": [one for one in mine if cast.alice.pk in (one.owner_id, one.reviewer_id)],
        "review": [one for one in mine if one.review == "due"],
        "approved": [one for one in mine if one.review == "approved"],
        "working": [one for one in mine if one.job_status in ("queued", "running")],
        "failed": [one for one in mine if one.job_status == "failed"],
        "shared": [one for one in present if one.team.slug == "court" and one.grants.exists()],
    }.get(filters.state, mine)
    return [one for one in found if filters.folder in (None, one.folder_id) and filters.team in ("", one.team.slug)]


def walked(user: User, filters: library.Filters, way: str = "next") -> list[list[Recording]]:
    """Follow the links of one kind from page to page."""
    pages, cursors = [], {"next": "after", "previous": "before"}
    shown = library.page(user, filters)
    while True:
        pages.append([row.recording for row in shown.rows])
        cursor = getattr(shown, way)
        if not cursor:
            return pages
        shown = library.page(user, library.Filters(**{**_plain(filters), cursors[way]: cursor}))


def _plain(filters: library.Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in ("state", "title", "team", "folder", "tag", "sort")}


@pytest.mark.parametrize("sort", list(library.SORTS))
@pytest.mark.parametrize("state", ["all", "mine", "review", "approved", "working", "failed", "shared"])
def test_each_order_of_each_filter_is_shown_to_its_end_and_back(
    crowd: list[Recording], cast: Cast, state: str, sort: str
) -> None:
    filters = library.Filters(state=state, sort=sort)
    wanted = sorted(expected(crowd, cast, filters), key=KEYS[sort])
    assert wanted
    pages = walked(cast.alice, filters)
    assert [one.pk for page in pages for one in page] == [one.pk for one in wanted]
    assert all(len(page) == 3 for page in pages[:-1])
    last = library.page(cast.alice, filters)
    while last.next:
        last = library.page(cast.alice, library.Filters(**{**_plain(filters), "after": last.next}))
    back = [[row.recording for row in last.rows]]
    while last.previous:
        last = library.page(cast.alice, library.Filters(**{**_plain(filters), "before": last.previous}))
        back.insert(0, [row.recording for row in last.rows])
    assert [one.pk for page in back for one in page] == [one.pk for one in wanted]


@pytest.mark.parametrize("state", ["all", "review", "mine"])
def test_a_filter_goes_together_with_a_folder_and_a_team(crowd: list[Recording], cast: Cast, state: str) -> None:
    folder = Folder.objects.get()
    for filters in (library.Filters(state=state, folder=folder.pk), library.Filters(state=state, team="radio")):
        found = {one.pk for page in walked(cast.alice, filters) for one in page}
        assert found == {one.pk for one in expected(crowd, cast, filters)}
        assert found


@pytest.mark.parametrize("state", ["all", "working"])
def test_a_person_in_hundreds_of_teams_sees_the_recordings_of_all(cast: Cast, state: str) -> None:
    for number in range(300):
        recording = factories.make_recording(factories.make_team(f"Team {number}", editor=cast.alice))
        factories.make_job(recording, JobStatus.RUNNING if number % 2 else JobStatus.QUEUED)
    page = library.page(cast.alice, library.Filters(state=state))
    newest = Recording.objects.order_by("-created_at", "-id")[: listing.PAGE_SIZE]
    assert ([row.recording for row in page.rows], page.count) == (list(newest), 300)


def test_what_is_counted_is_what_is_shown(crowd: list[Recording], cast: Cast) -> None:
    counts = library.page(cast.alice, library.Filters()).counts
    for state, count in counts.items():
        shown = library.page(cast.alice, library.Filters(state=state))
        assert count == shown.count == len(expected(crowd, cast, library.Filters(state=state))), state
    every = library.page(cast.alice, library.Filters())
    assert every.duration_ms == 41_000 * every.count


@pytest.mark.parametrize("sort", list(library.SORTS))
@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 40, "2026-13-40", "2026-11-01T00:00:00", "\u2028"])
def test_a_cursor_that_no_page_gave_is_no_error(crowd: list[Recording], cast: Cast, sort: str, key: str) -> None:
    filters = library.Filters(sort=sort, after=f"{crowd[0].pk}.{key}")
    assert library.page(cast.alice, filters).count


def test_pages_say_which_rows_they_show_on_the_way_there_and_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    for number in range(8):
        factories.make_recording(cast.team, f"No {number}")
    pages = [library.page(cast.vera, library.Filters())]
    while pages[-1].next:
        pages.append(library.page(cast.vera, library.Filters(after=pages[-1].next)))
    assert [(page.first, page.last, page.count) for page in pages] == [(1, 3, 8), (4, 6, 8), (7, 8, 8)]
    back = library.page(cast.vera, library.Filters(before=pages[-1].previous))
    assert [row.recording for row in back.rows] == [row.recording for row in pages[1].rows]
    assert (back.first, back.last) == (4, 6)
    bare = pages[0].next.partition(".")[2]
    assert library.page(cast.vera, library.Filters(after=bare)).first == 0
