"""Edits of words that others moved to other rows in the meantime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.document.editing.memory import do, made, said
from transcripts.document.editing import operations, texts, undo
from transcripts.document.editing.operations import Insert, Merge, Remove, SetText, Split

if TYPE_CHECKING:
    from transcripts.document.editing.rows import MemoryRows


def typed(key: str, was: str, text: str) -> SetText:
    return operations.SetText(key, was, text)


@pytest.mark.parametrize(
    ("mine", "now", "merged", "lost"),
    [
        ("a b x c d", "a", "a x", ("x", "b x c d")),
        ("a", "a b x c d", "a x", ("x", "b x c d")),
        ("a d", "a", "a", None),
    ],
)
def test_of_words_that_one_removed_only_what_the_other_added_stays(
    mine: str, now: str, merged: str, lost: tuple[str, str] | None
) -> None:
    found = texts.merge("a b c d", mine, now)
    assert found.text.split() == merged.split()
    assert found.lost == (() if lost is None else (lost,))


def test_a_word_is_typed_where_its_neighbours_went_by_a_split() -> None:
    rows = made("a b c d")
    do(rows, Split("r0", "a b c d", 4, "n"), now=1)
    do(rows, typed("r0", "a b c d", "a b c x d"), now=2)
    assert said(rows) == ["a b", "c x d"]


def test_a_word_is_typed_where_its_neighbours_went_by_a_split_and_a_merge() -> None:
    rows = made("a b c d")
    do(rows, Insert("i", "new", "r0"), now=1)
    do(rows, Split("r0", "a b c d", 4, "n"), now=2)
    do(rows, Remove("i", "new"), now=3)
    do(rows, Insert("j", "j", "r0"), seq=3, now=4)
    do(rows, Merge("n"), now=5)
    do(rows, typed("r0", "a b c d", "a b c x d"), now=6)
    assert said(rows) == ["a b", "j c x d"]


def test_a_row_that_is_put_behind_one_is_behind_what_others_split_off_that() -> None:
    rows = made("a b c d", "e")
    do(rows, Split("r0", "a b c d", 4, "n"), now=1)
    do(rows, Insert("i", "new", "r0"), now=2)
    assert said(rows) == ["a b", "c d", "new", "e"]


def test_a_row_that_was_merged_takes_its_split_off_rows_along() -> None:
    rows = made("a b", "c d e f")
    do(rows, Split("r1", "c d e f", 4, "n"), now=1)
    rows.own = {2}
    do(rows, Merge("r1"), now=2)
    do(rows, typed("r0", "a b c d e f", "a b c d e x f"), now=3)
    assert said(rows) == ["a b c d", "e x f"]


def test_a_row_that_the_author_split_off_has_what_others_split_off_behind_it() -> None:
    rows = made("a b c d e f")
    do(rows, Split("r0", "a b c d e f", 8, "n"), now=1)
    rows.own = {2}
    do(rows, Split("r0", "a b c d e f", 4, "m"), now=2)
    do(rows, typed("m", "c d e f", "c d e x f"), now=3)
    assert said(rows) == ["a b", "c d", "e x f"]


def test_a_word_is_typed_where_its_neighbours_went_when_a_merge_was_taken_back() -> None:
    rows = made("a b", "c d")
    do(rows, Merge("r1", into="r0"), now=1)
    do(rows, Split("r0", "a b c d", 4, "r1"), seq=1, now=2)
    do(rows, typed("r0", "a b c d", "a b c x d"), seq=1, now=3)
    assert said(rows) == ["a b", "c x d"]


def test_a_row_that_someone_put_between_two_that_are_merged_is_merged_with_them() -> None:
    rows = made("a b", "c d")
    do(rows, Insert("i", "new", "r0"), now=1)
    do(rows, Merge("r1", into="r0"), now=2)
    do(rows, typed("r0", "a b c d", "a b c x d"), now=3)
    assert said(rows) == ["a b new c x d"]


def test_a_row_is_merged_into_what_was_split_off_the_row_before_it() -> None:
    rows = made("a b", "c d")
    do(rows, Split("r0", "a b", 2, "n"), now=1)
    do(rows, Merge("r1", into="r0"), now=2)
    assert said(rows) == ["a", "b c d"]


def test_a_row_is_merged_into_the_row_before_it_if_the_one_that_was_there_is_gone() -> None:
    rows = made("a", "b", "c")
    do(rows, Remove("r1", "b"), now=1)
    do(rows, Merge("r2", into="r1"), now=2)
    assert said(rows) == ["a c"]


def test_a_row_that_someone_else_put_back_takes_both_words() -> None:
    rows = made("", "c d")
    do(rows, Remove("r0", ""), now=1)
    do(rows, typed("r0", "", "theirs"), now=2)
    do(rows, Insert("r0", "mine", None), now=3)
    assert said(rows) == ["theirs mine", "c d"]


def undone(rows: MemoryRows, *asked: operations.Split | SetText) -> MemoryRows:
    """Do the first operation, then the others, then take back the first."""
    before = dict(rows.rows)
    do(rows, asked[0], now=1)
    changed = [(before.get(row.key), row) for row in rows.rows.values() if before.get(row.key) != row]
    for number, one in enumerate(asked[1:], 2):
        do(rows, one, seq=number - 1, now=number)
    for earlier, later in changed:
        for row in undo.undone([rows.rows[later.key], *rows.split_off(later.key, 1)], earlier, later)[0]:
            rows.put(row)
    return rows


def test_a_split_is_undone_after_its_rows_were_split_again() -> None:
    rows = undone(made("a b c d"), Split("r0", "a b c d", 2, "n"), Split("n", "b c d", 2, "m"))
    assert said(rows) == ["a b c d"]


def test_what_others_typed_stays_when_a_split_is_undone() -> None:
    first, second = Split("r0", "a b c d", 2, "n"), Split("n", "b c d", 2, "m")
    rows = undone(made("a b c d"), first, second, typed("m", "c d", "c x d"))
    assert said(rows) == ["a b c d", "x"]


def test_a_text_is_undone_in_the_rows_to_which_it_was_split() -> None:
    rows = undone(made("a b c d"), typed("r0", "a b c d", "a B c D"), Split("r0", "a B c D", 4, "n"))
    assert said(rows) == ["a b", "c d"]
