"""Words without times stand where someone speaks, and pauses behind sentences rather than within them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.document import timing
from transcripts.document.untimed import pauses
from transcripts.document.values import Segment, Timing, Word


def words_of(text: str) -> list[Word]:
    return [Word(word) for word in text.split()]


def by_stretch(text: str, *stretches: tuple[int, int]) -> list[str]:
    laid = pauses.laid(words_of(text), stretches)
    return [" ".join(one.text for one in laid if start <= (one.start_ms or 0) < end) for start, end in stretches]


def test_a_pause_stands_behind_a_sentence() -> None:
    # By letters alone the first stretch would have one word less, or one more
    for first_ms in (900, 1_100, 1_300):
        found = by_stretch("We came home late. Nobody was there any more.", (0, first_ms), (2_000, 3_500))
        assert found == ["We came home late.", "Nobody was there any more."]


def test_a_pause_stands_behind_a_clause_rather_than_within_one() -> None:
    found = by_stretch("When we came home, nobody was there", (0, 1_000), (1_800, 2_700))
    assert found == ["When we came home,", "nobody was there"]


def test_a_text_without_punctuation_is_divided_by_its_length() -> None:
    found = by_stretch("good morning thank you", (0, 900), (2_000, 2_700))
    assert found == ["good morning", "thank you"]


def test_noise_has_no_words() -> None:
    found = by_stretch("Good morning everyone. Let us begin.", (0, 1_600), (2_500, 2_550), (3_500, 4_500))
    assert found == ["Good morning everyone.", "", "Let us begin."]


def test_figures_and_characters_take_longer_than_letters() -> None:
    def length(text: str) -> int:
        first, *_ = pauses.laid(words_of(f"{text} abcdefgh"), [(0, 1_000)])
        return (first.end_ms or 0) - (first.start_ms or 0)

    assert length("1984") > length("abcd")
    assert length("日本") > length("ab")


def test_a_stretch_is_clipped_to_what_it_is_asked_for() -> None:
    found = pauses.clipped([(0, 1_000), (2_000, 3_000), (4_000, 5_000), (6_000, 7_000)], 500, 4_500)
    assert found == [(500, 1_000), (2_000, 3_000), (4_000, 4_500)]
    assert pauses.clipped([(0, 1_000)], 1_000, 2_000) == []


@given(
    st.lists(st.text(st.sampled_from("abc.,?! 1語"), min_size=1, max_size=12), min_size=1, max_size=30),
    st.lists(st.integers(1, 4_000), min_size=2, max_size=14).filter(lambda lengths: len(lengths) % 2 == 0),
)
def test_each_word_is_there_once_in_order_and_where_someone_speaks(texts: list[str], lengths: list[int]) -> None:
    stretches, at = [], 0
    for speech_ms, pause_ms in zip(lengths[::2], lengths[1::2], strict=True):
        stretches.append((at, at + speech_ms))
        at += speech_ms + pause_ms
    laid = pauses.laid([Word(text) for text in texts], stretches)
    assert [word.text for word in laid] == texts
    for word in laid:
        assert word.timing == Timing.ESTIMATED
        assert any(start <= (word.start_ms or 0) <= (word.end_ms or 0) <= end for start, end in stretches)
    for before, after in pairwise(laid):
        assert (before.end_ms or 0) <= (after.start_ms or 0)


@pytest.mark.parametrize("is_timed", [False, True])
def test_what_came_without_times_of_words_is_estimated_where_someone_speaks(is_timed: bool) -> None:
    spoken = [(1_000, 2_000), (6_000, 7_000)]
    segment = Segment("Good morning. Thank you.", *((0, 8_000) if is_timed else ()))
    found = timing.timed([segment], 8_000, spoken).segments
    starts = {word.text: word.start_ms for segment in found for word in segment.words}
    assert starts["Good"] == 1_000
    assert starts["Thank"] == 6_000


def test_segments_without_times_begin_and_end_with_their_words() -> None:
    spoken = [(1_000, 2_000), (6_000, 7_000)]
    found = timing.timed([Segment("Good morning.", speaker="A"), Segment("Thank you.", speaker="B")], 8_000, spoken)
    assert [(one.start_ms, one.end_ms, one.speaker) for one in found.segments] == [
        (1_000, 2_000, "A"),
        (6_000, 7_000, "B"),
    ]


def test_only_what_lacks_times_is_listened_for() -> None:
    word = Word("Hello", 0, 400, timing=Timing.MEASURED)
    assert not timing.lacks_times([Segment("Hello", 0, 400, words=(word,))])
    assert timing.lacks_times([Segment("Hello", 0, 400)])
    assert timing.lacks_times([Segment("Hello", words=(word,))])
    assert timing.lacks_times([Segment("Hello you", 0, 900, words=(word, Word("you")))])
