"""JSON of Whisper and of the programs around it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from transcripts.document import Segment, Timing, Word
from transcripts.formats import readers

SPOKEN = [{"word": " Hello", "start": 0.5, "end": 0.9, "probability": 0.9}, {"word": " you.", "start": 0.9, "end": 1.2}]
WORDS = (
    Word("Hello", 500, 900, 0.9, Timing.MEASURED),
    Word("you.", 900, 1_200, None, Timing.MEASURED),
)


def read(whole: Any) -> tuple[Segment, ...]:
    return readers.read(json.dumps(whole).encode()).segments


@pytest.mark.parametrize("is_bare", [True, False])
def test_segments_with_words_are_read_with_measured_times(*, is_bare: bool) -> None:
    segments = [{"start": 0.5, "end": 1.2, "text": " Hello you.", "words": SPOKEN, "speaker": "SPEAKER_00"}]
    found = read(segments if is_bare else {"text": "", "language": "en", "segments": segments})
    assert found == (Segment("Hello you.", 500, 1_200, "SPEAKER_00", WORDS),)


def test_words_that_the_api_lists_apart_go_to_their_segment() -> None:
    whole = {"segments": [{"start": 0.5, "end": 1.2, "text": "Hello you."}], "words": SPOKEN}
    assert read(whole)[0].words == WORDS


def test_a_word_without_times_stays_in_its_segment() -> None:
    words = [{"word": "In", "start": 0.1, "end": 0.2, "score": 0.5}, {"word": "1984"}]
    [found] = read({"segments": [{"start": 0.1, "end": 1, "text": "In 1984", "words": words}], "word_segments": []})
    assert found.words == (Word("In", 100, 200, 0.5, Timing.MEASURED), Word("1984"))


def test_whisper_cpp_writes_milliseconds() -> None:
    whole = {
        "result": {"language": "en"},
        "transcription": [
            {
                "timestamps": {"from": "00:00:00,500", "to": "00:00:01,200"},
                "offsets": {"from": 500, "to": 1200},
                "text": " Hello you.",
            }
        ],
    }
    assert read(whole) == (Segment("Hello you.", 500, 1_200),)


@pytest.mark.parametrize("start", ["soon", -1, True, [1], 1e400])
def test_a_time_that_is_none_is_refused_with_its_segment(start: Any) -> None:
    segments = [{"start": 0, "end": 1, "text": "Hello"}, {"start": start, "end": 1, "text": "you"}]
    with pytest.raises(readers.Unreadable, match=r"^Segment 2 has no text, or times that are none\.$"):
        read({"segments": segments})


def test_other_json_is_refused() -> None:
    with pytest.raises(readers.Unreadable, match="neither a transcript of Verbatim nor one of Whisper"):
        read({"hello": "world"})
