"""Times of a text that has none, from what was recognised in its audio."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.document import Segment, Timing, Word, timing
from transcripts.document.untimed.recognised import DOUBTFUL, recognised

HEARD = (
    Word("Good", 100, 300, 0.9, Timing.MEASURED),
    Word("mourning,", 300, 700, 0.8, Timing.MEASURED),
    Word("everyone.", 700, 1_200, 0.7, Timing.MEASURED),
    Word("Thanks.", 2_000, 2_400, 0.6, Timing.MEASURED),
)
FOUND = [Segment(" ".join(word.text for word in HEARD), 100, 2_400, "S1", HEARD)]


def test_the_same_words_have_the_times_of_the_audio() -> None:
    first, second = recognised([Segment("good Morning, everyone!", speaker="Anna"), Segment("Thanks.")], FOUND)
    assert (first.text, first.speaker, first.start_ms, first.end_ms) == ("good Morning, everyone!", "Anna", 100, 1_200)
    assert first.words == (
        Word("good", 100, 300, 0.9, Timing.RETAINED),
        Word("Morning,", 300, 700, DOUBTFUL, Timing.RETAINED),
        Word("everyone!", 700, 1_200, 0.7, Timing.RETAINED),
    )
    assert (second.start_ms, second.end_ms) == (2_000, 2_400)


def test_words_that_were_not_recognised_share_the_gap_and_are_doubtful() -> None:
    segments = recognised(
        [Segment("Good morning, dear everyone."), Segment("Nobody heard this."), Segment("Thanks.")], FOUND
    )
    first, second, third = timing.timed(segments, 3_000).segments
    assert [(word.text, word.confidence, word.timing) for word in first.words[1:3]] == [
        ("morning,", DOUBTFUL, Timing.ESTIMATED),
        ("dear", DOUBTFUL, Timing.ESTIMATED),
    ]
    assert (second.start_ms, second.end_ms) == (1_200, 2_000)
    assert {word.confidence for word in second.words} == {DOUBTFUL}
    assert third.words[0].start_ms == 2_000


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.lists(st.lists(st.sampled_from(["good", "everyone", "thanks", "no"]), min_size=1).map(" ".join), min_size=1))
def test_the_text_stays_word_for_word_and_every_word_has_a_time(texts: list[str]) -> None:
    found = timing.timed(recognised([Segment(text) for text in texts], FOUND), 3_000).segments
    assert sorted(one.text for one in found) == sorted(texts)
    for segment in found:
        assert " ".join(word.text for word in segment.words) == segment.text
        assert all(word.start_ms is not None and word.end_ms is not None for word in segment.words)
