"""What was heard takes the place of what a person wrote, where they wish it, and nothing else changes."""

from __future__ import annotations

import random

import pytest

from tests.document.test_merging import edited, random_case, spoken
from transcripts.document import Segment
from transcripts.document.merging.merge import merge
from transcripts.document.merging.offers import taken
from transcripts.document.merging.three_way import Conflict
from transcripts.document.segmentation.pieces import pieces


@pytest.mark.parametrize(
    ("before", "after", "heard", "result"),
    [
        ("the damn holds", "the dam holds", "the dame holds", "the dame holds"),
        ("we um agree", "we agree", "we uhm agree", "we uhm agree"),
        ("the damn holds", "the dam holds", "", ""),
        ("a b", "a B2", "a B3, c", "a B3, c"),
    ],
)
def test_taking_an_offer(before: str, after: str, heard: str, result: str) -> None:
    (mixed,) = merge([edited(before, after)], [spoken(heard)] if heard else []).segments
    (conflict,) = mixed.conflicts
    segment = taken(mixed.segment, mixed.fresh, conflict)
    assert segment is not None
    assert segment.text == result
    assert [piece.word for piece in pieces(segment)] == list(segment.words)


def test_words_that_are_not_there_any_more_are_not_replaced() -> None:
    present = spoken("the levee holds")
    assert taken(present, spoken("the dame holds"), Conflict(400, 800, "dam", "dame")) is None


def test_words_that_nobody_kept_share_the_time_of_the_place() -> None:
    segment = taken(spoken("a X c"), Segment("", 0, 1_200), Conflict(400, 800, "X", "one two"))
    assert segment is not None
    assert [(word.text, word.start_ms, word.end_ms) for word in segment.words] == [
        ("a", 0, 400),
        ("one", 400, 600),
        ("two", 600, 800),
        ("c", 800, 1_200),
    ]


@pytest.mark.parametrize("seed", range(100))
def test_every_conflict_can_be_taken_one_after_the_other(seed: int) -> None:
    base, heard = random_case(random.Random(seed))
    for mixed in merge(base, heard).segments:
        segment = mixed.segment
        for conflict in mixed.conflicts:
            after = taken(segment, mixed.fresh, conflict)
            assert after is not None
            assert len(after.text.split()) - len(segment.text.split()) == len(conflict.offered.split()) - len(
                conflict.kept.split()
            )
            segment = after
