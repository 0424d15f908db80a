"""Provisional words, and whether a machine keeps up with them."""

from __future__ import annotations

from typing import cast

import pytest

from speechserver.recogniser.live import Agreement
from speechserver.recogniser.pace import TooSlow, choose, quickest_s
from speechserver.recogniser.whisper import Drafted, Whisper


def draft(text: str, from_s: float = 0.0) -> list[Drafted]:
    """Words of half a second each."""
    return [
        Drafted(f" {word}", from_s + number / 2, from_s + number / 2 + 0.5) for number, word in enumerate(text.split())
    ]


def shown(*texts: str) -> list[str]:
    agreement, seen = Agreement(), []
    for text in texts:
        agreement.take(draft(text), 0.0)
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
    agreement.take(draft("one two"), 1.0)
    agreement.take(draft("one two three"), 1.5)
    assert (agreement.text, agreement.whole) == ("one two", "one two three")


def test_words_that_drafts_dispute_are_shown_when_they_were_said_long_ago() -> None:
    agreement = Agreement()
    for text in ("one to three for five six", "one two tree four fife six"):
        agreement.take(draft(text), 3.0)
    assert agreement.text == "one two tree"


def test_what_was_said_before_a_phrase_ended_belongs_to_it() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.take(draft("one two three four."), 2.0)
    over, next_one = agreement.split(1.0)
    assert (over.text, next_one.text) == ("one two", "three four")
    assert agreement.split(9.0)[1].text == ""


def test_a_long_phrase_is_drafted_from_its_last_agreed_words_on() -> None:
    agreement = Agreement()
    assert agreement.from_s(2.0, 5.0) == 2.0
    for _ in range(2):
        agreement.take(draft(" ".join("word" for _ in range(20)), 2.0), 12.0)
    assert agreement.from_s(2.0, 14.0) == pytest.approx(5.0)
    assert Agreement().from_s(2.0, 14.0) == pytest.approx(5.0)


class Model:
    """A model that is as fast as one likes."""

    def __init__(self, draft_s: float) -> None:
        self.draft_s = draft_s

    def measure_s(self) -> float:
        return self.draft_s


def models(draft_s: float, language: str, tiny: Model | None) -> tuple[Whisper, Whisper, Whisper | None]:
    wanted, small = cast("Whisper", Model(draft_s)), cast("Whisper | None", tiny)
    pair = choose(wanted, draft_s, language, lambda: small)
    assert pair.finals is wanted
    return wanted, pair.drafts, small


def test_a_quick_machine_uses_one_model_for_every_language() -> None:
    for language in ("", "en", "de"):
        wanted, drafts, _ = models(0.4, language, None)
        assert drafts is wanted


def test_a_slow_machine_drafts_english_with_the_small_model() -> None:
    for language in ("", "en"):
        _, drafts, small = models(1.5, language, Model(0.5))
        assert drafts is small


def test_a_moment_of_other_work_is_not_taken_for_a_slow_machine() -> None:
    class Disturbed(Model):
        def measure_s(self) -> float:
            self.draft_s /= 2
            return self.draft_s

    assert quickest_s(cast("Whisper", Disturbed(5.0))) <= 1.0
    assert quickest_s(cast("Whisper", Model(5.0))) == 5.0


@pytest.mark.parametrize(
    ("draft_s", "language", "tiny"),
    [
        (1.5, "de", Model(0.5)),
        (1.5, "en", Model(1.5)),
        (1.5, "en", None),
        (9.0, "en", Model(0.1)),
    ],
)
def test_a_machine_that_cannot_keep_up_says_so(draft_s: float, language: str, tiny: Model | None) -> None:
    with pytest.raises(TooSlow, match="too slow for live transcription in this language"):
        models(draft_s, language, tiny)
