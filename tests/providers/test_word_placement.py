"""Words that are listed beside segments find their place, and none is lost or doubled."""

from __future__ import annotations

import random

from transcripts.document import Segment, Word
from transcripts.providers.parsing.placing import place_words


def word(text: str, start_ms: int, end_ms: int) -> Word:
    return Word(text, start_ms, end_ms)


def texts(segments: tuple[Segment, ...]) -> list[list[str]]:
    return [[word.text for word in segment.words] for segment in segments]


def test_a_word_goes_where_its_middle_lies() -> None:
    segments = [Segment("a b", 0, 1_000), Segment("c", 1_000, 2_000)]
    words = [(word("a", 0, 400), None), (word("b", 500, 1_400), None), (word("c", 900, 1_500), None)]
    assert texts(place_words(segments, words)) == [["a", "b"], ["c"]]


def test_where_voices_overlap_the_words_own_voice_decides() -> None:
    segments = [Segment("yes", 0, 1_000, "0"), Segment("no", 0, 1_000, "1")]
    words = [(word("no", 100, 300), "1"), (word("yes", 100, 300), "0")]
    assert texts(place_words(segments, words)) == [["yes"], ["no"]]


def test_a_word_far_from_every_segment_makes_its_own_at_its_time() -> None:
    segments = [Segment("b", 10_000, 11_000, "0")]
    words = [(word("a", 0, 500), "1"), (word("b", 10_000, 10_500), "0"), (word("c", 20_000, 20_500), "0")]
    placed = place_words(segments, words)
    assert [(segment.text, segment.speaker) for segment in placed] == [("a", "1"), ("b", "0"), ("c", "0")]


def test_a_text_that_says_less_than_its_words_gives_way_to_them() -> None:
    [segment] = place_words(
        [Segment("Hello", 0, 1_000)], [(word("Hello", 0, 400), None), (word("you", 400, 900), None)]
    )
    assert segment.text == "Hello you"


def test_a_script_without_spaces_keeps_its_text() -> None:
    [segment] = place_words([Segment("你好吗", 0, 900)], [(word(each, 0, 300), None) for each in "你好吗"])
    assert segment.text == "你好吗"


def test_nothing_is_lost_or_doubled_whatever_the_two_lists_say() -> None:
    chance = random.Random(7)
    for _ in range(50):
        words = [(word(f"w{number}", number * 300, number * 300 + 250), None) for number in range(60)]
        edges = sorted(chance.sample(range(0, 18_000, 100), 8))
        segments = [Segment("x", start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
        placed = [one for segment in place_words(segments, words) for one in segment.words]
        assert sorted(one.text for one in placed if one.start_ms is not None) == sorted(each.text for each, _ in words)
        # What only the texts of the segments hold is there as well.
        assert [one.text for one in placed if one.start_ms is None] == ["x"] * len(segments)


def test_a_word_without_times_stays_behind_the_one_it_followed() -> None:
    segments = [Segment("a", 0, 1_000), Segment("c", 5_000, 6_000)]
    words = [(word("a", 0, 400), None), (word("c", 5_000, 5_400), None), (Word("d"), None)]
    assert texts(place_words(segments, words)) == [["a"], ["c", "d"]]
