"""From a provider's answer to every export: all words, in their order, at times that players can follow."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, Any

import pysubs2
import pytest
import webvtt
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.support.provider_answers import answers
from tests.support.whole_texts import keys, lacking, spoken, times_only_grow, words_are_the_text
from transcripts import formats
from transcripts.document import Segment
from transcripts.document.subtitles import NETFLIX, PROFILES, cues
from transcripts.document.timing import timed
from transcripts.providers.parsing.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Sequence

durations = st.one_of(st.none(), st.integers(1, 60_000))
generated = settings(
    max_examples=2_000,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def text_of(name: str, script: formats.Script) -> str:
    return formats.render(name, script).content.decode()


def assembled(answer: dict[str, Any], duration_ms: int | None) -> list[Segment]:
    return timed(read_document(answer).segments, duration_ms).segments


def script_of(segments: Sequence[Segment], duration_ms: int | None) -> formats.Script:
    return formats.Script("A talk", "", duration_ms, "test", tuple(segments))


SIGNS_GLUED_TO_A_LETTER = {
    "status": "completed",
    "words": [
        {"word": "♪", "start": "29.6s", "end": "31.9s"},
        {"word": "。", "start": 29.4, "end": 30.1},
        {"word": "ー", "start": 29.6, "end": "27.6"},
    ],
}


@pytest.mark.timeout(900)
@generated
@example(SIGNS_GLUED_TO_A_LETTER, 6_950)
@given(answers(), durations)
def test_every_answer_keeps_its_words_on_the_whole_way(answer: dict[str, Any], duration_ms: int | None) -> None:
    segments = assembled(answer, duration_ms)
    the_transcript_holds_all(answer, segments)
    times_only_grow(segments, duration_ms)
    every_export_holds_all(segments, duration_ms)
    cues_can_be_followed(segments, duration_ms)


def the_transcript_holds_all(answer: dict[str, Any], segments: Sequence[Segment]) -> None:
    assert not lacking(keys(answer.get("transcription", "")), segments)
    for name, listed in (("text", answer.get("segments", [])), ("word", answer.get("words", []))):
        assert not lacking(sum((keys(item[name]) for item in listed), Counter[str]()), segments)
    words_are_the_text(segments)


def every_export_holds_all(segments: Sequence[Segment], duration_ms: int | None) -> None:
    said = spoken(segment.text for segment in segments)
    script = script_of(segments, duration_ms)
    data = json.loads(text_of("json", script))
    assert spoken([data["text"]]) == said
    assert spoken(word["text"] for segment in data["segments"] for word in segment["words"]) == said
    paragraphs = text_of("txt", script).split("\n\n") if segments else []
    assert spoken(paragraph.strip("\n").split("\n")[-1] for paragraph in paragraphs) == said
    captions = list(webvtt.from_string(text_of("vtt", script)))
    events = list(pysubs2.SSAFile.from_string(text_of("srt", script), format_="srt"))
    made = cues(segments, duration_ms)
    assert len(captions) == len(events) == len(made)
    shown = spoken(line for cue in made for line in cue.lines)
    assert Counter(shown) == Counter(said)
    for speaker in {segment.speaker for segment in segments}:
        lines = [line for cue in made for line in lines_of(cue, speaker)]
        assert spoken(lines) == spoken(segment.text for segment in segments if segment.speaker == speaker)
    assert spoken(unescape(caption.text) for caption in captions) == spoken(line for cue in made for line in cue.lines)


def lines_of(cue: Any, speaker: str | None) -> list[str]:
    if not cue.is_dialogue:
        return list(cue.lines) if cue.speaker == speaker else []
    return [line for line, voice in zip(cue.lines, cue.speakers, strict=True) if voice == speaker]


def cues_can_be_followed(segments: Sequence[Segment], duration_ms: int | None) -> None:
    for profile in PROFILES.values():
        made = cues(segments, duration_ms, profile)
        has_room = duration_ms is None or duration_ms >= (profile.shortest_ms + profile.gap_ms) * len(made)
        for cue in made:
            assert 1 <= len(cue.lines) <= profile.lines
            assert all(len(line) <= profile.line for line in cue.lines)
            assert 0 <= cue.start_ms < cue.end_ms <= cue.start_ms + profile.longest_ms
            assert duration_ms is None or cue.end_ms <= max(duration_ms, len(made))
            assert not has_room or cue.end_ms - cue.start_ms >= profile.shortest_ms
        for cue, following in itertools.pairwise(made):
            assert cue.end_ms <= following.start_ms - (profile.gap_ms if has_room else 0)


@pytest.mark.parametrize("word", ["-->", "<b>bold</b>", "&amp;", "1 < 2"])
def test_no_text_and_no_name_breaks_a_file(word: str) -> None:
    segment = Segment(f"before {word} after", 0, 2_000, f"A {word} B\n\n2\n00:00:01,000 --> 00:00:02,000")
    other = Segment("second", 3_000, 4_000, "C")
    script = script_of([segment, other], 5_000)
    assert len(pysubs2.SSAFile.from_string(text_of("srt", script), format_="srt")) == 2
    captions = list(webvtt.from_string(text_of("vtt", script)))
    assert [caption.voice for caption in captions] == [captions[0].voice, "C"]
    assert text_of("txt", script).count("\n\n") == 1


def test_two_who_speak_at_once_are_one_cue_with_a_dash_each() -> None:
    ana, bo = Segment("Where were you?", 0, 2_000, "Ana"), Segment("At the dam.", 500, 2_500, "Bo")
    script = script_of([ana, bo], 10_000)
    [cue] = cues([ana, bo], 10_000)
    assert (cue.start_ms, cue.end_ms) == (0, 2_500)
    assert "- Ana: Where were you?\n- Bo: At the dam.\n" in text_of("srt", script)
    assert "<v Ana>- Where were you?</v>\n<v Bo>- At the dam.</v>\n" in text_of("vtt", script)


def test_long_speeches_at_once_are_shown_line_beside_line() -> None:
    said = "word " * 30
    made = cues([Segment(said, 0, 20_000, "A"), Segment(said, 100, 20_100, "B")], 30_000)
    assert sum(cue.is_dialogue for cue in made) > len(made) / 2
    assert Counter(" ".join(line for cue in made for line in cue.lines).split()) == {"word": 60}


def test_a_text_without_word_times_is_cut_within_its_time() -> None:
    made = cues([Segment("word " * 100, 0, 60_000)], 60_000)
    assert all(cue.end_ms - cue.start_ms <= NETFLIX.longest_ms for cue in made)
    assert (made[0].start_ms, made[-1].end_ms) == (0, 60_000)


def test_segments_without_times_share_the_gap_between_their_neighbours() -> None:
    rows = [Segment("before", 0, 1_000), Segment("one"), Segment("three"), Segment("after", 9_000, 9_500)]
    assert [(cue.start_ms, cue.lines[0]) for cue in cues(rows, 10_000)] == [
        (0, "before"),
        (1_000, "one"),
        (4_000, "three"),
        (9_000, "after"),
    ]
    assert [cue.lines[0] for cue in cues([Segment("alone")])] == ["alone"]
