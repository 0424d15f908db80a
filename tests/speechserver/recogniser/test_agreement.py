"""Which provisional words are shown."""

from __future__ import annotations

import pytest

from speechserver.recogniser.agreement import Agreement
from speechserver.recogniser.whisper import DraftWord


def draft(text: str, from_s: float = 0.0) -> list[DraftWord]:
    """Words of half a second each."""
    return [
        DraftWord(f" {word}", from_s + number / 2, from_s + number / 2 + 0.5)
        for number, word in enumerate(text.split())
    ]


def shown(*texts: str) -> list[str]:
    agreement, seen = Agreement(), []
    for text in texts:
        agreement.add(draft(text), 0.0)
        seen.append(agreement.text)
    return seen


def test_a_word_is_shown_once_two_drafts_agree_on_it() -> None:
    assert shown("And so", "And so my fellow", "And so my fellow Americans") == ["", "And so", "And so my fellow"]


def test_case_and_punctuation_are_no_disagreement_and_a_word_that_is_shown_stays() -> None:
    assert shown("and so my", "And so, my fallow", "Ant so my fellow") == ["", "And so, my", "And so, my"]


def test_a_full_stop_where_the_audio_ends_is_not_shown() -> None:
    assert shown("ask not.", "ask not.", "ask not what.")[1:] == ["ask not", "ask not"]


def test_the_last_words_of_a_phrase_are_shown_before_another_draft_confirms_them() -> None:
    agreement = Agreement()
    agreement.add(draft("one two"), 1.0)
    agreement.add(draft("one two three"), 1.5)
    assert (agreement.text, agreement.full_text) == ("one two", "one two three")


def test_disputed_words_are_shown_once_they_are_old_enough() -> None:
    agreement = Agreement()
    for text in ("one to three for five six", "one two tree four fife six"):
        agreement.add(draft(text), 3.0)
    assert agreement.text == "one two tree"


def test_the_words_before_the_end_of_a_phrase_belong_to_it() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.add(draft("one two three four."), 2.0)
    over, next_one = agreement.split(1.0)
    assert (over.text, next_one.text) == ("one two", "three four")
    assert agreement.split(9.0)[1].text == ""


def test_a_long_phrase_is_drafted_from_its_last_agreed_words_on() -> None:
    agreement = Agreement()
    assert agreement.draft_start_s(2.0, 5.0) == 2.0
    for _ in range(2):
        agreement.add(draft(" ".join("word" for _ in range(20)), 2.0), 12.0)
    assert agreement.draft_start_s(2.0, 14.0) == pytest.approx(5.0)
    assert Agreement().draft_start_s(2.0, 14.0) == pytest.approx(5.0)
