"""Segments that a person declared right: a tick belongs to the words it was given to."""

from __future__ import annotations

import pytest

from tests.document.editing.memory import do, made
from transcripts.document.editing import operations, undo
from transcripts.document.editing.rows import MemoryRows, Row


def ticked(*said: str) -> MemoryRows:
    rows = made(*said)
    do(rows, operations.Tick(tuple(rows.rows)))
    return rows


def reviewed(rows: MemoryRows) -> list[str]:
    return [row.text for row in rows.present() if row.is_reviewed]


def test_segments_are_ticked_and_unticked() -> None:
    rows = ticked("hold the page", "so be it")
    assert reviewed(rows) == ["hold the page", "so be it"]
    do(rows, operations.Tick(("r1",), on=False))
    assert reviewed(rows) == ["hold the page"]


def test_a_change_of_the_text_takes_the_tick_away() -> None:
    rows = ticked("hold the paige", "so be it")
    do(rows, operations.SetText("r0", "hold the paige", "hold the page"))
    assert reviewed(rows) == ["so be it"]


def test_speaker_times_and_accepted_words_leave_the_tick() -> None:
    rows = ticked("hold the page")
    do(
        rows,
        operations.SetSpeaker(("r0",), "2"),
        operations.SetTimes("r0", 100, 900),
        operations.Accept("r0", ((0, "hold"),)),
    )
    assert reviewed(rows) == ["hold the page"]


def test_both_halves_of_a_split_keep_the_tick() -> None:
    rows = ticked("hold the page")
    do(rows, operations.Split("r0", "hold the page", 5, "n"))
    assert reviewed(rows) == ["hold", "the page"]


@pytest.mark.parametrize(("second", "expected"), [(True, ["hold the page"]), (False, [])])
def test_what_is_merged_is_reviewed_if_both_were(second: bool, expected: list[str]) -> None:
    rows = made("hold", "the page")
    do(rows, operations.Tick(("r0", "r1") if second else ("r0",)), operations.Merge("r1"))
    assert reviewed(rows) == expected


def test_words_that_someone_changed_since_are_not_what_was_declared_right() -> None:
    rows = made("hold the paige")
    do(rows, operations.SetText("r0", "hold the paige", "hold the rage"), now=1)
    do(rows, operations.Tick(("r0",), texts=("hold the paige",)), seq=0, now=2)
    assert reviewed(rows) == []


def test_a_tick_of_a_segment_that_someone_split_since_is_on_both_halves() -> None:
    rows = made("hold the page")
    do(rows, operations.Split("r0", "hold the page", 5, "n"), now=1)
    do(rows, operations.Tick(("r0",), texts=("hold the page",)), seq=0, now=2)
    assert reviewed(rows) == ["hold", "the page"]


def test_a_tick_of_a_segment_that_someone_merged_since_is_not_given_to_words_that_no_one_saw() -> None:
    rows = made("hold", "the page")
    do(rows, operations.Merge("r1"), now=1)
    do(rows, operations.Tick(("r0", "r1"), texts=("hold", "the page")), seq=0, now=2)
    assert reviewed(rows) == []


def test_a_segment_that_is_removed_and_returns_as_it_was_is_still_reviewed() -> None:
    rows = ticked("hold the page")
    do(rows, operations.Remove("r0", "hold the page"), operations.SetText("r0", "hold the page", "hold the page"))
    assert reviewed(rows) == ["hold the page"]


def test_texts_that_belong_to_no_segment_are_refused() -> None:
    with pytest.raises(operations.BadOperation):
        operations.parse([{"op": "tick", "ids": ["r0"], "on": True, "texts": ["a", "b"]}])
    with pytest.raises(operations.BadOperation):
        operations.parse([{"op": "tick", "ids": ["r0"], "on": "yes"}])


# Taking back


def taken_back(rows: MemoryRows, key: str, *edit: object) -> tuple[Row, Row]:
    before = rows.rows[key]
    do(rows, *edit)  # type: ignore[arg-type]
    return before, rows.rows[key]


def test_taking_back_a_change_of_the_text_brings_the_tick_back() -> None:
    rows = ticked("hold the page")
    before, after = taken_back(rows, "r0", operations.SetText("r0", "hold the page", "hold the cage"))
    (row,), _ = undo.undone([after], before, after)
    assert (row.text, row.is_reviewed) == ("hold the page", True)


def test_a_tick_is_taken_back() -> None:
    rows = made("hold the page")
    before, after = taken_back(rows, "r0", operations.Tick(("r0",)))
    (row,), _ = undo.undone([after], before, after)
    assert not row.is_reviewed


def test_taking_back_a_change_of_words_that_were_ticked_since_takes_the_tick_away() -> None:
    rows = made("hold the paige")
    before, after = taken_back(rows, "r0", operations.SetText("r0", "hold the paige", "hold the page"))
    do(rows, operations.Tick(("r0",)))
    now = rows.rows["r0"]
    # As the fields of an edit are read: those that it left alone are as they are now
    (row,), _ = undo.undone([now], Row("r0", before.segment, is_reviewed=True), now)
    assert after.text == now.text
    assert (row.text, row.is_reviewed) == ("hold the paige", False)
