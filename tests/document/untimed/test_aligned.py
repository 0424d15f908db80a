"""Words that an engine found in the audio."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.document import timing
from transcripts.document.untimed.aligned import expected, with_times
from transcripts.document.values import Segment, Timing, Word

MEASURED = Segment("Hello", 0, 500, words=(Word("Hello", 100, 400, 0.9, Timing.MEASURED),))
spans = st.none() | st.tuples(st.integers(0, 12_000), st.integers(0, 12_000)).map(lambda two: (min(two), max(two)))


def estimated(*texts: str, start_ms: int = 1_000, length_ms: int = 4_000) -> list[Segment]:
    return timing.timed([Segment(text, start_ms, start_ms + length_ms) for text in texts], 10_000).segments


def shown(segments: list[Segment]) -> list[tuple[str, int | None, int | None, str]]:
    return [(word.text, word.start_ms, word.end_ms, str(word.timing)) for one in segments for word in one.words]


def test_all_words_are_expected_if_one_has_no_times() -> None:
    assert expected([MEASURED]) == []
    assert expected([MEASURED, *estimated("a b", length_ms=2_000)]) == [("Hello", 0.1), ("a", 1.0), ("b", 2.0)]


def test_words_get_their_times_and_the_segment_lasts_as_long() -> None:
    (segment,) = with_times(estimated("a b"), [(1_500, 1_700), (2_000, 2_300)], 10_000)
    assert (segment.text, segment.start_ms, segment.end_ms) == ("a b", 1_500, 2_300)
    assert shown([segment]) == [("a", 1_500, 1_700, "aligned"), ("b", 2_000, 2_300, "aligned")]


def test_a_word_that_was_not_found_is_estimated_between_its_neighbours() -> None:
    found = with_times(estimated("a b c"), [(4_000, 4_200), None, (4_800, 5_000)], 10_000)
    assert shown(found)[1] == ("b", 4_200, 4_800, "estimated")


def test_a_word_at_an_end_that_was_not_found_is_estimated_up_to_the_ends_of_its_segment() -> None:
    (segment,) = with_times(estimated("a b c"), [None, (2_000, 2_200), None], 10_000)
    assert shown([segment]) == [
        ("a", 1_000, 2_000, "estimated"),
        ("b", 2_000, 2_200, "aligned"),
        ("c", 2_200, 5_000, "estimated"),
    ]


def test_what_was_measured_stays() -> None:
    assert with_times([MEASURED], [(200, 300)], 10_000) == [MEASURED]


def test_segments_are_in_the_order_in_which_they_were_found() -> None:
    first, second = estimated("a", "b")
    found = with_times([first, second], [(3_000, 3_100), (1_000, 1_100)], 10_000)
    assert [segment.text for segment in found] == ["b", "a"]


@pytest.mark.parametrize("times", [[], [(0, 100)], [None] * 3])
def test_times_of_another_text_change_nothing(times: list[tuple[int, int] | None]) -> None:
    segments = estimated("a b")
    assert with_times(segments, times, 10_000) == segments


@given(st.lists(spans, min_size=6, max_size=6))
def test_no_times_lose_a_word_or_leave_the_recording(times: list[tuple[int, int] | None]) -> None:
    segments = [*estimated("a b c"), *estimated("d e f", start_ms=5_000)]
    found = with_times(segments, times, 10_000)
    assert sorted(word for word, *_ in shown(found)) == list("abcdef")
    for segment in found:
        starts = [word.start_ms for word in segment.words]
        assert None not in starts
        assert all(before <= after for before, after in pairwise(starts))  # type: ignore[operator]
        assert all(0 <= (word.start_ms or 0) <= (word.end_ms or 0) <= 10_000 for word in segment.words)
        assert segment.start_ms is not None
        assert segment.start_ms <= (segment.words[0].start_ms or 0)
        assert (segment.end_ms or 0) >= max(word.end_ms or 0 for word in segment.words)
    assert [segment.start_ms for segment in found] == sorted(segment.start_ms or 0 for segment in found)
