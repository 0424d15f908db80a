"""Two texts of one recording: each difference within a segment, each put in its place, at any length."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.retranscription import WORD_MS, said
from transcripts.document import Segment, Timing, Word, scripts
from transcripts.document.sides.differences import Difference, between, put
from transcripts.document.sides.words import stretches, words_of


def found(mine: list[Segment], theirs: list[Segment]) -> list[tuple[int, str, str]]:
    return [(one.segment, one.was, one.offered) for one in between(mine, theirs).differences]


def taken_all(mine: list[Segment], theirs: list[Segment]) -> str:
    """Take every difference, the last first, so that the places of the others stay."""
    texts = [one.text for one in mine]
    for one in reversed(between(mine, theirs).differences):
        texts[one.segment] = put(texts[one.segment], one)
    return " ".join(filter(None, texts))


def keys(text: str) -> list[str]:
    return [scripts.key(word) for word in scripts.words_in(text)]


def test_words_that_are_replaced_added_and_left_out_are_differences_with_their_times() -> None:
    sides = between([said("the damn was never build", 0)], [said("so the dam was build", 0)])
    assert [(one.was, one.offered) for one in sides.differences] == [("", "so"), ("damn", "dam"), ("never", "")]
    assert [one.words for one in sides.differences] == [1, 1, 1]
    assert sides.words == 3
    second = sides.differences[1]
    assert (second.begin, second.end, second.start_ms, second.end_ms) == (4, 8, WORD_MS, 3 * WORD_MS)


def test_case_and_punctuation_are_no_difference() -> None:
    assert found([said("Good morning, everybody.", 0)], [said("good morning everybody", 0)]) == []


def test_segments_that_begin_elsewhere_are_no_difference() -> None:
    mine = [said("good morning", 0), said("and welcome", 800)]
    assert found(mine, [said("good", 0), said("morning and welcome", 400)]) == []


def test_a_difference_over_two_segments_is_one_in_each_by_the_time_of_the_words() -> None:
    mine = [said("one too", 0), said("tree four", 800)]
    theirs = [said("one two three four", 0)]
    assert found(mine, theirs) == [(0, "too", "two"), (1, "tree", "three")]


def test_words_between_two_segments_are_where_they_are_nearer() -> None:
    mine = [said("one", 0), said("four", 4_000)]
    theirs = [said("one two", 0), said("three four", 3_600)]
    assert found(mine, theirs) == [(0, "", "two"), (1, "", "three")]


@pytest.mark.parametrize(
    ("text", "begin", "end", "offered", "becomes"),
    [
        ("the damn was", 4, 8, "dam", "the dam was"),
        ("the damn was", 4, 8, "", "the was"),
        ("was", 0, 0, "dam", "dam was"),
        ("the", 3, 3, "dam", "the dam"),
        ("the was", 3, 3, "dam", "the dam was"),
        ("the", 0, 3, "", ""),
        ("今日は", 1, 2, "月", "今月は"),
        ("今は", 1, 1, "日", "今日は"),
    ],
)
def test_words_are_put_with_the_spaces_of_their_script(
    text: str, begin: int, end: int, offered: str, becomes: str
) -> None:
    assert put(text, Difference(0, begin, end, text[begin:end], offered, 0, 1, 1, 0, 0)) == becomes


def test_a_word_that_one_provider_lists_as_several_letters_is_compared_by_letter() -> None:
    whole = Segment("今日は", 0, 900, None, (Word("今日は", 0, 900, 0.9, Timing.MEASURED),))
    letters = tuple(Word(one, at * 300, at * 300 + 300, 0.9, Timing.MEASURED) for at, one in enumerate("今月は"))
    assert found([whole], [Segment("今月は", 0, 900, None, letters)]) == [(0, "日", "月")]


def test_a_mark_alone_belongs_to_the_word_before_it() -> None:
    marked = tuple(Word(one, 0, 400, 0.9, Timing.MEASURED) for one in ("well", "–", "yes"))
    assert found([Segment("well – yes", 0, 400, None, marked)], [said("well yes", 0)]) == []


def test_what_was_said_in_the_same_time_is_compared_however_long_the_text() -> None:
    mine, theirs = long_texts(200)
    found_stretches = list(stretches(words_of(mine), words_of(theirs)))
    assert len(found_stretches) > 5
    sides = between(mine, theirs)
    # Each segment has one word that the other text has otherwise, which some segments can say in two ways
    assert {one.segment for one in sides.differences} == set(range(200))
    assert sides.words < 230


def long_texts(count: int) -> tuple[list[Segment], list[Segment]]:
    """Segments of the same few words, with pauses between them; each has one other word in the second text."""
    chance = random.Random(1)
    few = ["a", "the", "of", "and", "to", "in", "is", "it", "that", "was", "he", "for"]
    mine, theirs = [], []
    for number in range(count):
        words = [chance.choice(few) for _ in range(12)]
        mine.append(said(" ".join(words), number * 8_000))
        theirs.append(said(" ".join([*words[:6], "other", *words[7:]]), number * 8_000))
    return mine, theirs


WORDS = st.lists(st.sampled_from(["a", "b", "c", "D,", "e."]), min_size=1, max_size=6).map(" ".join)
TEXTS = st.lists(WORDS, min_size=1, max_size=5)


@given(mine=TEXTS, theirs=TEXTS, offset=st.integers(0, 3_000))
def test_whoever_takes_every_difference_has_the_other_text(mine: list[str], theirs: list[str], offset: int) -> None:
    ours = [said(text, at * 2_400) for at, text in enumerate(mine)]
    others = [said(text, at * 2_400 + offset) for at, text in enumerate(theirs)]
    assert keys(taken_all(ours, others)) == [word for text in theirs for word in keys(text)]
