"""Words that a person wrote have the times of those they replace."""

from __future__ import annotations

import random

import pytest

from transcripts.document import Segment, Timing, Word
from transcripts.document.retiming import retimed

TEXT = "the damn piece moves to thursday"


def spoken(text: str = TEXT, step_ms: int = 100) -> Segment:
    """A segment whose words come one after the other, each so long."""
    words = tuple(
        Word(word, at * step_ms, (at + 1) * step_ms, 0.5, Timing.MEASURED) for at, word in enumerate(text.split())
    )
    return Segment(text, 0, len(words) * step_ms, "S1", words)


def test_the_same_text_stays_as_it_is() -> None:
    assert retimed(spoken(), TEXT) == spoken()


def test_a_word_in_the_place_of_another_takes_its_times() -> None:
    word = retimed(spoken(), "the dam piece moves to thursday").words[1]
    assert word == Word("dam", 100, 200, None, Timing.RETAINED)


def test_another_spelling_of_a_word_is_as_sure_as_the_word() -> None:
    words = retimed(spoken(), "The damn piece moves to Thursday.").words
    assert words[0] == Word("The", 0, 100, 0.5, Timing.RETAINED)
    assert words[5] == Word("Thursday.", 500, 600, 0.5, Timing.RETAINED)
    assert words[1] == spoken().words[1]


def test_more_words_than_before_share_the_gap() -> None:
    words = retimed(spoken(), "the long piece about dams moves to thursday").words
    assert [word.text for word in words] == ["the", "long", "piece", "about", "dams", "moves", "to", "thursday"]
    assert all(word.timing == Timing.ESTIMATED for word in words[3:5])
    assert words[2].end_ms == words[3].start_ms
    assert words[5].start_ms == 300


def test_no_words_are_left_of_an_empty_text() -> None:
    assert retimed(spoken(), "").words == ()


def test_a_segment_without_words_gets_estimates() -> None:
    words = retimed(Segment("", 0, 400), "one two").words
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [("one", 0, 200), ("two", 200, 400)]


def test_scripts_without_spaces_are_compared_letter_by_letter() -> None:
    words = (Word("今日は", 0, 300, 0.9, Timing.MEASURED), Word("晴れ", 300, 500, 0.9, Timing.MEASURED))
    changed = retimed(Segment("今日は晴れ", 0, 500, None, words), "今日は雨")
    assert changed.words == (words[0], Word("雨", 300, 500, None, Timing.ESTIMATED))
    changed = retimed(Segment("今日は晴れ", 0, 500, None, words), "今日も晴れ")
    assert changed.words[0] == Word("今", 0, 100, 0.9, Timing.MEASURED)
    assert changed.words[2] == Word("も", 200, 300, None, Timing.RETAINED)
    assert changed.words[3:] == words[1:]


def test_a_word_listed_without_its_punctuation_stays_as_it_is() -> None:
    words = (Word("Well", 0, 100, 0.9, Timing.MEASURED), Word("no", 100, 200, 0.9, Timing.MEASURED))
    changed = retimed(Segment("Well, no.", 0, 300, None, words), "Well, no. Never.")
    assert changed.words[:2] == words
    assert changed.words[2].text == "Never."


@pytest.mark.parametrize("seed", range(40))
def test_times_never_go_back(seed: int) -> None:
    chance = random.Random(seed)
    words = TEXT.split() * 3
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(words))
        words[at : at + chance.randrange(3)] = ["new"] * chance.randrange(3)
    changed = retimed(spoken(" ".join(TEXT.split() * 3)), " ".join(words)).words
    assert [word.text for word in changed] == words
    times = [time for word in changed for time in (word.start_ms, word.end_ms)]
    assert None not in times
    assert times == sorted(time for time in times if time is not None)
