"""Answers of every shape, read into documents."""

from __future__ import annotations

from typing import Any

import pytest

from transcripts.document import Document, Segment, Timing, Word
from transcripts.providers.errors import BadAnswer
from transcripts.providers.parsing.documents import group_words, read_document
from transcripts.providers.wire import read_whole_ms, sentence_of


def measured(text: str, start_ms: int, end_ms: int, confidence: float | None = None) -> Word:
    return Word(text, start_ms, end_ms, confidence, Timing.MEASURED)


def test_a_full_answer_is_read_whole() -> None:
    answer = {
        "transcription": "Hello, you.",
        "language": "en",
        "duration": 3.2504,
        "engine": "small",
        "draft": True,
        "segments": [
            {
                "speaker": "S1",
                "start": 0.1,
                "end": 1.0004,
                "text": "Hello, you.",
                "words": [
                    {"word": "Hello,", "start": 0.16, "end": 0.6, "confidence": 0.98},
                    {"word": "you.", "start": 0.6, "end": 1.0},
                ],
            }
        ],
    }
    words = (measured("Hello,", 160, 600, 0.98), measured("you.", 600, 1000))
    segment = Segment("Hello, you.", 100, 1000, "S1", words)
    assert read_document(answer) == Document((segment,), "en", 3250, "small", is_draft=True)


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ({"transcription": ""}, []),
        ({"transcription": None}, []),
        ({"transcription": None, "text": "beside"}, ["beside"]),
        ({"text": "under another name"}, ["under another name"]),
        ({"transcription": ["two", "lines"]}, ["two lines"]),
        ({"transcription": [{"text": "listed"}, {"text": "here"}]}, ["listed", "here"]),
        ({"transcription": " \n "}, []),
        ({"transcription": "", "segments": []}, []),
        ({"transcription": "just text"}, ["just text"]),
        ({"transcription": {"text": "in an object"}}, ["in an object"]),
        ({"transcription": {"segments": [{"text": "deep"}]}}, ["deep"]),
        ({"transcription": "x", "segments": None, "words": None}, ["x"]),
        ({"transcription": "x", "segments": [{"text": ""}, 7, None]}, ["x"]),
        ({"segments": [{"text": "no transcription"}]}, ["no transcription"]),
        ({"segments": [{"words": [{"word": "only"}, {"text": "words"}]}]}, ["only words"]),
        ({"words": [{"word": "top"}, {"word": "level"}]}, ["top level"]),
    ],
)
def test_the_best_that_is_there_is_taken(answer: dict[str, Any], texts: list[str]) -> None:
    assert [segment.text for segment in read_document(answer).segments] == texts


@pytest.mark.parametrize("answer", [{}, {"status": "completed"}, {"transcription": 7}])
def test_an_answer_without_a_transcription_is_bad(answer: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        read_document(answer)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0.0004, 0.0006, (0, 1)),
        (-1.0, 2.0, (0, 2000)),
        (3.0, 2.0, (3000, 3000)),
        (1, 2, (1000, 2000)),
        (None, 2.0, (None, None)),
        ("1.0", 2.0, (1000, 2000)),
        ("1.0s", "2s", (1000, 2000)),
        ("00:00:01.0", "0:02,5", (1000, 2500)),
        ("soon", 2.0, (None, None)),
        ("1" * 400, 2.0, (None, None)),
        ("١", 2.0, (1000, 2000)),
        (1.0, None, (1000, None)),
        (1.0, "later", (1000, None)),
        (float("nan"), 2.0, (None, None)),
        (float("inf"), 2.0, (None, None)),
        (10**400, 10**401, (None, None)),
        (True, 2.0, (None, None)),
    ],
)
def test_times_become_ordered_milliseconds_or_none(
    start: object, end: object, expected: tuple[int | None, int | None]
) -> None:
    segment = read_document({"segments": [{"words": [{"word": "x", "start": start, "end": end}]}]}).segments[0]
    [word] = segment.words
    assert (word.start_ms, word.end_ms) == expected
    assert word.timing is (Timing.UNTIMED if expected[0] is None else Timing.MEASURED)
    assert (segment.start_ms, segment.end_ms) == expected


@pytest.mark.parametrize(
    ("given", "confidence"), [(0, 0.0), (0.5, 0.5), (1.2, 1.0), (-1, 0.0), (None, None), ("high", None), (True, None)]
)
def test_a_confidence_is_a_probability_or_not_known(given: object, confidence: float | None) -> None:
    answer = {"words": [{"word": "x", "start": 0, "end": 1, "confidence": given}]}
    assert read_document(answer).segments[0].words[0].confidence == confidence


def test_text_is_composed_and_free_of_controls() -> None:
    answer = {"segments": [{"text": "cafe\u0301\x00\x1b[0m\tau\r\nlait \ud800"}, {"text": "\x00\x07"}]}
    assert [segment.text for segment in read_document(answer).segments] == ["caf\u00e9[0m au lait"]


def test_joiners_inside_words_are_kept() -> None:
    text = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert read_document({"transcription": text}).text == text


def test_empty_words_are_dropped() -> None:
    words = [{"word": " "}, {"word": "x"}, {"word": None}, "y"]
    [segment] = read_document({"segments": [{"text": "x", "words": words}]}).segments
    assert [word.text for word in segment.words] == ["x"]


def test_segments_and_words_are_put_in_order_of_time() -> None:
    late = {"text": "c d", "start": 5, "end": 6}
    early = {
        "start": 1,
        "end": 2,
        "words": [{"word": "b", "start": 1.5, "end": 2}, {"word": "a", "start": 1, "end": 1.5}],
    }
    untimed = {"text": "after c d"}
    segments = read_document({"segments": [late, untimed, early]}).segments
    assert [segment.text for segment in segments] == ["a b", "c d", "after c d"]


@pytest.mark.parametrize(
    ("given", "speaker"), [("S1", "S1"), (0, "0"), (2, "2"), (None, None), ("", None), (True, None)]
)
def test_speaker_0_is_a_speaker(given: object, speaker: str | None) -> None:
    assert read_document({"segments": [{"text": "x", "speaker": given}]}).segments[0].speaker == speaker


def test_words_are_grouped_by_pause_length_and_speaker() -> None:
    words = [measured("a", 0, 500), measured("b", 1500, 2000), measured("c", 3001, 3500)]
    assert [segment.text for segment in group_words(words)] == ["a b", "c"]
    assert [segment.text for segment in group_words(words[:2], speakers=["1", "2"])] == ["a", "b"]
    steady = [measured(str(second), second * 1000, second * 1000 + 1000) for second in range(40)]
    groups = group_words(steady)
    assert [len(group.words) for group in groups] == [15, 15, 10]
    assert (groups[1].start_ms, groups[1].end_ms) == (15_000, 30_000)
    assert group_words([]) == ()


def test_words_at_the_top_are_grouped_by_their_own_speakers() -> None:
    answer = {
        "words": [
            {"word": "yes", "start": 2.0, "end": 2.2, "speaker": 1},
            {"word": "well", "start": 1.0, "end": 1.2, "speaker": 0},
        ]
    }
    assert [(one.speaker, one.text) for one in read_document(answer).segments] == [("0", "well"), ("1", "yes")]


def test_without_a_key_a_message_stays_as_it_is() -> None:
    assert sentence_of({"message": "Unknown request URL"}, key="") == "Unknown request URL"


@pytest.mark.parametrize(("told", "ms"), [(7, 7), (-7, 0), (7.5, None), (True, None), (10**30, None), ("7", None)])
def test_whole_milliseconds_are_read_within_bounds(told: object, ms: int | None) -> None:
    assert read_whole_ms(told) == ms
