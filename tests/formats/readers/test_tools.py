"""Transcripts of other tools, in the shapes that their exports are documented to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from transcripts.document import Document, Timing
from transcripts.formats import readers

FILES = Path(__file__).parent / "files"
MORNING = "Good morning, everyone. The agenda has three items."
FINAL = "Thank you. I have a question about the first: is it final?"
ANNA, BEN = "Anna Schmidt", "Ben Okafor"


def read(name: str) -> Document:
    return readers.read((FILES / name).read_bytes())


@pytest.mark.parametrize("name", ["rev.txt", "trint.txt", "descript.txt", "sonix.txt", "zoom.vtt", "teams.vtt"])
def test_speakers_times_and_every_word_are_read(name: str) -> None:
    found = read(name).segments
    assert [(one.start_ms, one.speaker, one.text) for one in found] == [
        (5_000, ANNA, MORNING),
        (12_000, BEN, FINAL),
        (3_750_000, ANNA, "Yes."),
    ]


def test_otter_writes_the_name_and_the_time_without_brackets() -> None:
    found = read("otter.txt").segments
    assert [(one.start_ms, one.speaker, one.text) for one in found[:3]] == [
        (5_000, ANNA, MORNING),
        (12_000, BEN, FINAL),
        (3_750_000, ANNA, "Yes."),
    ]
    assert found[3].text == "Transcribed by https://otter.ai"


def test_meet_writes_a_time_for_several_speakers() -> None:
    found = read("meet.txt").segments
    assert [(one.start_ms, one.speaker, one.text) for one in found[1:]] == [
        (5_000, ANNA, MORNING),
        (None, BEN, FINAL),
        (3_750_000, ANNA, "Yes."),
    ]


def test_the_transcript_that_youtube_shows_has_times_between_its_lines() -> None:
    found = read("youtube.txt").segments
    assert [(one.start_ms, one.text) for one in found] == [
        (5_000, "good morning everyone the agenda has"),
        (12_000, "three items"),
        (3_750_000, "yes"),
    ]


def test_captions_that_repeat_their_lines_are_read_once_with_the_times_of_their_words() -> None:
    document = read("youtube.vtt")
    assert document.text == "good morning everyone the agenda"
    words = [word for segment in document.segments for word in segment.words]
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [
        ("good", 5_000, 5_400),
        ("morning", 5_400, 6_000),
        ("everyone", 6_000, 7_990),
        ("the", 8_000, 8_500),
        ("agenda", 8_500, 10_000),
    ]
    assert {word.timing for word in words} == {Timing.MEASURED}


def test_subtitles_lose_their_tags_and_no_word() -> None:
    found = read("premiere.srt").segments
    assert [(one.start_ms, one.speaker, one.text) for one in found] == [
        (5_000, None, MORNING),
        (12_000, "ANNA", "Is it final?"),
        (14_086, "BEN", "Yes, it is."),
        (3_750_000, "BEN", "1984"),
    ]
