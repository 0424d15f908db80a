"""When the words of a known text are spoken.

The model is stood in for by one that knows words by how loud they are, so that speech can be drawn as one likes; at the
end it is the real one with real recordings.
"""

from __future__ import annotations

import json
import random
import statistics
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from speechserver.audio import FULL_SCALE, RATE_HZ
from speechserver.recogniser import windows
from speechserver.recogniser.alignment import Alignment, Expected, is_spoken, spoken_part
from speechserver.recogniser.model import Path as Found
from speechserver.recogniser.model import Token
from tests.speechserver.client import upload, wait_for_answer
from tests.speechserver.recogniser.test_windows import Loudness
from tests.support.corpus import corpus
from tests.support.speech_server.recogniser import samples_of, segments_of, tiny, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from speechserver.recogniser.voice_activity import Samples
    from speechserver.recogniser.whisper import Whisper
    from tests.support.speech_server.process import SpeechProcess

WORD_S = 0.3
# How loud a word is by its number: it is as many thousandths above the first
FIRST, STEP = 0.05, 0.001


class ByLoudness:
    """Aligns words that are numbers with audio in which each is as loud as its number."""

    longest_s = 0.0

    def tokens(self, text: str) -> list[Token]:
        return [Token(int(text), text)]

    def aligned(self, samples: Samples, language: str, tokens: list[int]) -> Found:
        self.longest_s = max(self.longest_s, len(samples) / RATE_HZ)
        spoken = self._spoken(samples)
        starts, probabilities, reached = [], [], 0.0
        for token in tokens:
            at = next((at for at, number in spoken if number == token and at >= reached), None)
            reached = reached if at is None else at
            starts.append(reached)
            probabilities.append(0.01 if at is None else 0.9)
        return Found([*starts, min(reached + WORD_S, len(samples) / RATE_HZ)], probabilities)

    def _spoken(self, samples: Samples) -> list[tuple[float, int]]:
        step = RATE_HZ // 50
        levels = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1)
        numbers = [round((level - FIRST) / STEP) if level > FIRST / 2 else -1 for level in levels.tolist()]
        return [
            (at / 50, number) for at, (before, number) in enumerate(pairwise([-1, *numbers])) if before != number >= 0
        ]


class AnyLoudness(Loudness):
    """Detects speech wherever it isn't silent."""

    def feed(self, samples: Samples) -> Samples:
        """Return 1 for each frame that isn't."""
        return np.where(super().feed(samples) > 0, np.float32(1), np.float32(0))


@pytest.fixture(autouse=True)
def _loudness(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "corpus" not in request.keywords:
        monkeypatch.setattr(windows, "VoiceDetector", AnyLoudness)


def drawn(numbers: Sequence[int], pauses: Sequence[float]) -> tuple[bytes, list[float]]:
    """Return audio of these words, each after a pause, and when each begins."""
    pieces: list[Any] = []
    starts, at = [], 0.0
    for number, pause in zip(numbers, pauses, strict=True):
        pieces += [np.zeros(round(pause * RATE_HZ)), np.full(round(WORD_S * RATE_HZ), FIRST + STEP * number)]
        starts.append(at + pause)
        at += pause + WORD_S
    pieces.append(np.zeros(RATE_HZ))
    return (np.concatenate(pieces) * FULL_SCALE).astype(np.int16).tobytes(), starts


def aligned(audio: bytes, words: Sequence[tuple[int, float]], model: ByLoudness | None = None) -> list[Any]:
    whisper = cast("Whisper", model or ByLoudness())
    alignment = Alignment(whisper, "zh", [Expected(str(number), at) for number, at in words])
    for at in range(0, len(audio), 2 * RATE_HZ):
        alignment.feed(audio[at : at + 2 * RATE_HZ])
    times: list[Any] = alignment.finish()["times"]
    return times


def is_near(time: Any, start_s: float) -> bool:
    return time is not None and abs(time[0] - start_s) < 0.1


@pytest.mark.parametrize("seed", range(6))
def test_each_word_of_a_long_recording_is_found_although_the_expectation_is_wrong(seed: int) -> None:
    chance = random.Random(seed)
    numbers = list(range(400))
    audio, starts = drawn(numbers, [chance.choice((0.1, 0.1, 0.1, 0.3, 0.8, 3, 12)) for _ in numbers])
    expected = sorted(max(0.0, start + chance.uniform(-2, 2)) for start in starts)
    model = ByLoudness()
    times = aligned(audio, list(zip(numbers, expected, strict=True)), model)
    assert [at for at, (time, start) in enumerate(zip(times, starts, strict=True)) if not is_near(time, start)] == []
    assert model.longest_s <= 30


def test_speech_that_the_text_leaves_out_costs_only_the_words_around() -> None:
    numbers = list(range(400))
    audio, starts = drawn(numbers, [0.2] * 400)
    words = [(number, starts[number]) for number in numbers if not 150 <= number < 260]
    times = aligned(audio, words)
    missed = [number for (number, _), time in zip(words, times, strict=True) if time is None]
    wrong = [
        number for (number, _), time in zip(words, times, strict=True) if time and not is_near(time, starts[number])
    ]
    assert len(missed) < 60
    assert wrong == []


def test_words_that_are_not_spoken_have_no_times_and_the_others_do() -> None:
    spoken = [*range(150), *range(260, 400)]
    audio, starts = drawn(spoken, [0.2] * len(spoken))
    begins = dict(zip(spoken, starts, strict=True))
    words = [(number, begins.get(number, begins[149] + (number - 149) * 0.01)) for number in range(400)]
    times = aligned(audio, words)
    assert [number for number in range(150, 260) if times[number] is not None] == []
    assert sum(is_near(times[number], begins[number]) for number in spoken) > 220


def test_of_silence_and_of_no_audio_no_word_has_times() -> None:
    assert aligned(bytes(2 * RATE_HZ * 60), [(1, 0.5), (2, 30.0)]) == [None, None]
    assert aligned(b"", [(1, 0.5)]) == [None]


def test_a_word_lasts_while_someone_speaks() -> None:
    assert spoken_part((1.0, 3.0), [(0.0, 0.5), (1.5, 2.0), (2.2, 2.5), (4, 5)]) == (1.5, 2.5)
    assert spoken_part((1.0, 3.0), [(0.0, 0.5)]) == (1.0, 3.0)


@pytest.mark.parametrize(
    ("text", "is_one"), [(" Good", True), ("7", True), ("\ufffd", True), (".", False), (" «", False)]
)
def test_what_is_no_letter_is_no_speech(text: str, is_one: bool) -> None:
    assert is_spoken(text) is is_one


@pytest.mark.corpus
def test_words_of_a_real_recording_are_where_its_recognition_has_them() -> None:
    path = corpus() / "speech" / "en_poem_sonnet2.mp3"
    words = [word for segment in segments_of(path) for word in segment["words"]]
    # As far off as estimates are
    expected = [
        Expected(word["word"], word["start"] + (1.5 if at % 20 < 10 else -1.5)) for at, word in enumerate(words)
    ]
    alignment = Alignment(tiny(passes=2), "en", expected)
    alignment.feed(samples_of(path))
    times = alignment.finish()["times"]
    assert None not in times
    assert statistics.median(abs(time[0] - word["start"]) for time, word in zip(times, words, strict=True)) <= 0.06


@pytest.mark.corpus
def test_another_text_has_no_times() -> None:
    path = corpus() / "speech" / "en_poem_sonnet2.mp3"
    other = segments_of(corpus() / "speech" / "en_interview_spacewalk.wav")
    words = [Expected(word, at * 0.5) for at, word in enumerate(words_of(other))]
    alignment = Alignment(tiny(passes=2), "en", words)
    alignment.feed(samples_of(path))
    assert sum(time is not None for time in alignment.finish()["times"]) < len(words) // 5


@pytest.mark.corpus
def test_the_server_aligns(recognising_speech: SpeechProcess) -> None:
    words = [
        "And",
        "so,",
        "my",
        "fellow",
        "Americans,",
        "ask",
        "not",
        "what",
        "your",
        "country",
        "can",
        "do",
        "for",
        "you",
    ]
    fields = {"language": "en", "words": json.dumps([(word, at * 0.5) for at, word in enumerate(words)])}
    with (corpus() / "speech" / "en_speech_jfk.flac").open("rb") as file:
        answer = wait_for_answer(
            recognising_speech, upload(recognising_speech, file=file, fields=fields).json()["processing_id"]
        )
    assert answer["status"] == "completed"
    starts = [start for start, _ in answer["times"]]
    assert starts == sorted(starts)
    assert dict(zip(words, starts, strict=True))["country"] == pytest.approx(5.8, abs=0.4)


def test_words_without_a_language_are_refused(recognising_speech: SpeechProcess) -> None:
    refused = upload(recognising_speech, fields={"words": '[["Good", 0.5]]'})
    assert (refused.status_code, refused.json()["message"]) == (422, "Name the language of the words")
