"""The index is filled in steps, made again beside the old one, and checked; nothing written in between is lost."""

from __future__ import annotations

import itertools
import threading
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import factories
from transcripts.document.search.query import parse
from transcripts.models import Segment
from transcripts.services.search import building
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories import Cast

is_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="The index of SQLite has generations")


@pytest.fixture
def archive(transactional_db: None) -> Iterator[Cast]:
    cast = factories.make_cast()
    for number in range(3):
        factories.make_transcript(
            factories.make_recording(cast.team, f"Talk {number}"), [("Hale", f"silt number {number}")] * 5
        )
    yield cast
    index().remove()
    index().install()


def count(text: str) -> int:
    return len(index().segments(parse(text)))


def run(*options: str) -> str:
    told = StringIO()
    call_command("rebuild_search", *options, stdout=told)
    return told.getvalue()


def test_a_rebuild_tells_its_progress_and_ends_with_a_whole_index(archive: Cast) -> None:
    told = run()
    assert "100 %" in told
    assert told.endswith("The search index is whole.\n")
    assert count("silt") == 15
    Segment.objects.filter(text="silt number 0").update(text="sediment")
    assert (count("silt"), count("sediment")) == (10, 5)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's index is in tables of its own")
def test_the_check_says_what_is_missing(archive: Cast) -> None:
    assert run("--check") == "The search index is whole.\n"
    index().remove()
    with pytest.raises(CommandError, match="The index search_segments is missing"):
        run("--check")


@is_sqlite
def test_the_check_finds_rows_that_no_trigger_told_of(archive: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_segment_1_changed")
        cursor.execute("DROP TRIGGER search_segment_1_gone")
        cursor.execute("DROP TRIGGER search_recording_1_changed")
        cursor.execute("UPDATE transcripts_segment SET text = 'other' WHERE text = 'silt number 1'")
        cursor.execute("UPDATE transcripts_recording SET title = 'Other' WHERE title = 'Talk 1'")
        cursor.execute("UPDATE transcripts_segment SET is_removed = 1 WHERE text = 'silt number 2'")
    with pytest.raises(CommandError) as error:
        run("--check")
    assert "no longer there: 5." in str(error.value)
    assert "with other words, of 1000 compared: 5." in str(error.value)
    assert "“recording” that are not indexed as they are: 1." in str(error.value)
    index().install()
    assert run("--check") == "The search index is whole.\n"
    assert (count("silt"), count("other")) == (5, 5)


@is_sqlite
def test_searches_and_edits_continue_while_the_next_one_is_filled(
    archive: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transcripts.services.search.sqlite import generations

    monkeypatch.setattr(generations, "STEP", 5)
    seen: list[int] = []
    last = Segment.objects.order_by("-pk")[0]

    def meanwhile(stage: str, percent: int) -> None:
        seen.append(count("silt"))
        Segment.objects.filter(pk=last.pk).update(text=f"edited {len(seen)}")
        Segment.objects.filter(text="silt number 0")[0].delete()
        Segment.objects.create(transcript=last.transcript, key=f"n{len(seen)}", position=len(seen), text="new silt")

    building.rebuild(meanwhile)
    assert len(seen) >= 3
    assert all(number >= 10 for number in seen)
    assert (count("new"), count("edited")) == (len(seen), 1)
    assert building.faults() == []


@is_sqlite
def test_a_search_that_a_rebuild_overtakes_asks_the_new_index(archive: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from transcripts.services.search.sqlite import generations

    numbers = itertools.chain([1], itertools.repeat(2))
    building.rebuild(lambda stage, percent: None)
    with monkeypatch.context() as overtaken:
        overtaken.setattr(generations, "current", lambda: next(numbers))
        assert count("silt") == 15


@is_sqlite
def test_a_rebuild_that_dies_leaves_the_old_index(archive: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from transcripts.services.search.sqlite import generations

    monkeypatch.setattr(generations, "STEP", 5)

    def die(stage: str, percent: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.rebuild(die)
    assert count("silt") == 15
    Segment.objects.filter(text="silt number 0").delete()
    assert count("silt") == 10
    building.rebuild(lambda stage, percent: None)
    assert count("silt") == 10
    assert building.faults() == []


@is_sqlite
def test_an_archive_from_before_is_filled_step_by_step(archive: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from transcripts.services.search.sqlite import generations

    monkeypatch.setattr(generations, "SMALL", 1)
    index().remove()
    index().install()
    assert count("silt") == 0
    assert not index().state().is_whole
    assert building.faults()[0] == "The index is being filled: 0 %."
    Segment.objects.filter(text="silt number 2").update(text="sediment")
    assert count("sediment") == 5
    while building.fill(most=4):
        pass
    assert (count("silt"), count("sediment")) == (10, 5)
    assert building.faults() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL builds indexes itself")
def test_a_missing_index_is_created_beside_other_work(archive: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX search_speaker")
    assert building.fill(most=1)
    for thread in threading.enumerate():
        if thread.name == "fill-search":
            thread.join()
    assert not building.fill(most=1)
    assert building.faults() == []


def test_the_conductor_fills(archive: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from transcripts.services.operations import conductor

    asked: list[Any] = []
    monkeypatch.setattr(building, "fill", lambda *, most: asked.append(most))
    conductor.fill_search()
    assert asked == [conductor.INDEXED_A_TICK]
