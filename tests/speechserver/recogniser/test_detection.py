"""The language that each window is transcribed in, with a double of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from speechserver.audio import RATE_HZ
from speechserver.recogniser.detection import LanguageDetector
from speechserver.recogniser.windows import Window

if TYPE_CHECKING:
    from speechserver.recogniser.voice_activity import Samples
    from speechserver.recogniser.whisper import Whisper

Odds = dict[str, float]
GERMAN, ENGLISH = {"de": 0.97, "en": 0.02}, {"en": 0.98, "de": 0.01}


class Detector:
    """Knows the odds of a piece by the value of its first sample."""

    def __init__(self, *pieces: Odds) -> None:
        self.pieces = pieces

    def detect(self, samples: Samples) -> Odds:
        return self.pieces[int(samples[0])]


def window(start_s: float, *pieces: int, piece_s: float = 8.0) -> Window:
    """A window of spans of speech, each a piece of its own, with pauses of a second."""
    samples = [np.full(round((piece_s + 1) * RATE_HZ), piece, np.float32) for piece in pieces]
    starts = [start_s + number * (piece_s + 1) + 0.5 for number in range(len(pieces))]
    return Window(start_s, np.concatenate(samples), tuple((start, start + piece_s) for start in starts))


def assigned(languages: LanguageDetector, *windows: Window) -> list[str]:
    parts = [part for one in windows for part in languages.assign(one)] + list(languages.finish())
    spans = [span for _, part in parts for span in part.speech]
    assert spans == [span for one in windows for span in one.speech]
    return [language for language, _ in parts]


def following(*pieces: Odds, named: str = "", max_waiting: int = 3) -> LanguageDetector:
    return LanguageDetector(cast("Whisper", Detector(*pieces)), named, max_waiting)


def test_a_named_language_is_not_detected() -> None:
    languages = following(named="de")
    assert assigned(languages, window(0, 0, 1)) == ["de"]
    assert languages.overall() == ("de", None)


def test_one_language_is_detected_with_its_probability() -> None:
    languages = following(GERMAN, {"de": 0.87, "nl": 0.1})
    assert assigned(languages, window(0, 0, 1)) == ["de"]
    language, probability = languages.overall()
    assert language == "de"
    assert probability == pytest.approx(0.92)


def test_a_window_in_two_languages_is_split_where_the_language_changes() -> None:
    languages = following(GERMAN, ENGLISH)
    assert assigned(languages, window(0, 1, 0, 0)) == ["en", "de"]
    assert languages.overall()[0] == "de"


def test_an_uncertain_or_short_piece_has_the_language_around_it() -> None:
    unsure = {"ko": 0.6, "de": 0.1}
    assert assigned(following(GERMAN, unsure), window(0, 0, 1, 0)) == ["de"]
    languages = following(GERMAN, ENGLISH)
    assert assigned(languages, window(0, 0), window(20, 1, piece_s=1.0)) == ["de", "de"]


def test_the_first_words_wait_until_the_language_is_certain() -> None:
    languages = following({"hi": 0.4, "en": 0.35}, ENGLISH)
    first, second = window(0, 0), window(20, 1)
    assert list(languages.assign(first)) == []
    assert [language for language, _ in languages.assign(second)] == ["en", "en"]


def test_live_words_do_not_wait_for_certainty() -> None:
    languages = following({"hi": 0.4, "en": 0.35}, max_waiting=1)
    assert [language for language, _ in languages.assign(window(0, 0))] == ["hi"]


def test_a_recording_that_changes_its_language_permanently_is_followed() -> None:
    languages = following(GERMAN, {"en": 0.85, "de": 0.1})
    parts = [window(20.0 * number, 0) for number in range(4)] + [window(80 + 20.0 * number, 1) for number in range(9)]
    languages_of_parts = assigned(languages, *parts)
    assert languages_of_parts[:4] == ["de"] * 4
    assert languages_of_parts[-4:] == ["en"] * 4
