"""Exports are what other programs expect, and hold every word."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace
from html import unescape

import pysubs2
import pytest
import webvtt

from transcripts import formats
from transcripts.document import Segment, Timing, Word
from transcripts.document.subtitles import NETFLIX, cues
from transcripts.formats import Script
from transcripts.formats.timecode import timecode


def spoken(text: str, *, start: int = 0, each: int = 300, gap: int = 50, speaker: str | None = None) -> Segment:
    """A segment whose words are spoken evenly."""
    words = tuple(
        Word(word.strip(".,!?"), start + i * (each + gap), start + i * (each + gap) + each, 0.9, Timing.MEASURED)
        for i, word in enumerate(text.split())
    )
    return Segment(text, words[0].start_ms, words[-1].end_ms, speaker, words)


def script(*segments: Segment) -> Script:
    return Script(title="A talk", language="en", duration_ms=90_000, engine="test", segments=segments)


LONG = spoken(
    "When forty winters shall besiege thy brow, and dig deep trenches in thy beauty's field. Thy youth's proud livery, "
    "so gazed on now, will be a tatter'd weed of small worth held. Then being asked, where all thy beauty lies!",
    speaker="Ana",
)
SECOND = spoken("And the ministry had that report?", start=60_000, speaker="Bo")
HOSTILE = Segment("<b>1 < 2 & 3</b> --> end", 0, 2_000, "<script>\nEve", ())


def text_of(name: str, script: Script, **options: str) -> str:
    return formats.render(name, script, formats.options(name, options)).content.decode()


def test_two_readers_agree_with_us_on_every_cue() -> None:
    ours = cues([LONG, SECOND])
    srt = pysubs2.SSAFile.from_string(text_of("srt", script(LONG, SECOND)), format_="srt")
    vtt = webvtt.from_string(text_of("vtt", script(LONG, SECOND)))
    assert [(cue.start_ms, cue.end_ms) for cue in ours] == [(event.start, event.end) for event in srt]
    times = [(caption.start_in_seconds * 1000, caption.end_in_seconds * 1000) for caption in vtt]
    assert len(times) == len(ours)
    for (start, end), cue in zip(times, ours, strict=True):
        assert abs(start - cue.start_ms) < 1000
        assert abs(end - cue.end_ms) < 1000


def test_cues_can_be_read() -> None:
    made = cues([LONG, SECOND])
    assert len(made) > 2
    for cue, following in itertools.pairwise(made):
        assert cue.end_ms <= following.start_ms
    for cue in made:
        assert len(cue.lines) <= 2
        assert all(len(line) <= NETFLIX.line for line in cue.lines)
        assert cue.end_ms - cue.start_ms <= NETFLIX.longest_ms


def test_a_pause_begins_a_new_cue_and_a_short_cue_is_held() -> None:
    quick = spoken("Yes", each=100)
    made = cues([quick, spoken("No", start=5_000, each=100)])
    assert [cue.end_ms - cue.start_ms for cue in made] == [NETFLIX.shortest_ms, NETFLIX.shortest_ms]


def test_scripts_without_spaces_are_cut_between_words() -> None:
    words = tuple(
        Word(c, i * 400, i * 400 + 390, None, Timing.MEASURED) for i, c in enumerate("沃森是认知大数据分析能力" * 6)
    )
    segment = Segment("".join(word.text for word in words) + "。", 0, words[-1].end_ms, None, words)
    made = cues([segment])
    assert "".join("".join(cue.lines) for cue in made) == segment.text
    assert len(made) > 1


def test_text_that_a_person_rewrote_is_one_cue() -> None:
    rewritten = Segment("Something else entirely", 0, 900, None, (Word("hello", 0, 400), Word("there", 400, 900)))
    [cue] = cues([rewritten])
    assert cue.lines == ("Something else entirely",)


def test_a_speaker_is_named_where_the_voice_changes() -> None:
    rendered = text_of("srt", script(LONG, SECOND))
    assert rendered.count("Ana: ") == 1
    assert rendered.count("Bo: ") == 1
    assert "Bo: " not in text_of("srt", script(SECOND))
    assert "<v Bo>And the ministry" in text_of("vtt", script(SECOND))


def test_markup_in_text_and_names_stays_text() -> None:
    vtt = text_of("vtt", script(HOSTILE))
    [caption] = webvtt.from_string(vtt)
    assert "<b>" not in vtt
    assert "<script>" not in vtt
    assert "-->" not in caption.text
    [event] = pysubs2.SSAFile.from_string(text_of("srt", script(HOSTILE)), format_="srt")
    assert (event.start, event.end) == (0, 2_000)


def test_vtt_marks_what_is_in_another_language_than_the_rest() -> None:
    german = replace(spoken("Guten Morgen & willkommen.", start=70_000, speaker="Bo"), language="de-AT")
    vtt = text_of("vtt", script(replace(SECOND, language="en-GB"), german))
    assert "<v Bo><lang de-AT>Guten Morgen &amp; willkommen.</lang>" in vtt
    assert vtt.count("<lang") == 1
    assert unescape([caption.text for caption in webvtt.from_string(vtt)][-1]) == "Guten Morgen & willkommen."


def test_words_of_two_languages_are_never_one_cue() -> None:
    hello, hallo = spoken("Hello.", each=100), replace(spoken("Hallo.", start=110, each=100), language="de")
    assert [(cue.lines, cue.languages) for cue in cues([hello, hallo])] == [
        (("Hello.",), (None,)),
        (("Hallo.",), ("de",)),
    ]


def test_json_names_the_language_of_each_segment() -> None:
    whole = json.loads(text_of("json", script(SECOND, replace(SECOND, language="de"))))
    assert [segment["language"] for segment in whole["segments"]] == [None, "de"]


def test_json_holds_every_time_and_confidence() -> None:
    whole = json.load(io.StringIO(text_of("json", script(SECOND))))
    [segment] = whole["segments"]
    assert (whole["version"], whole["title"], whole["duration_ms"]) == (1, "A talk", 90_000)
    assert segment["words"][0] == {
        "text": "And",
        "start_ms": 60_000,
        "end_ms": 60_300,
        "confidence": 0.9,
        "timing": "measured",
    }


def test_text_names_time_and_speaker() -> None:
    assert formats.render("txt", script(SECOND)).content == text_of("txt", script(SECOND)).encode()
    assert text_of("txt", script(SECOND)) == "[00:01:00] Bo:\nAnd the ministry had that report?\n"


def test_more_than_ten_hours_do_not_break_the_clock() -> None:
    assert timecode(36_000_000 + 61_007, ",") == "10:01:01,007"


@pytest.mark.parametrize(
    ("options", "beginning"),
    [({"times": "no"}, "Bo:\n"), ({"speakers": "0"}, "[00:01:00]\n"), ({"times": "False", "speakers": "no"}, "")],
)
def test_times_and_speakers_of_plain_text_can_be_left_out(options: dict[str, str], beginning: str) -> None:
    assert text_of("txt", script(SECOND), **options) == f"{beginning}And the ministry had that report?\n"


@pytest.mark.parametrize(
    ("name", "option", "value", "message"),
    [
        ("txt", "colour", "yes", "Unknown export option “colour”; choose one of times, speakers."),
        ("json", "times", "no", "Unknown export option “times”; this format has no options."),
        ("srt", "line", "9", "The export option “line” can’t be “9”; use a whole number from 16 to 80."),
        (
            "vtt",
            "profile",
            "mine",
            "The export option “profile” can’t be “mine”; choose one of netflix, bbc, ted, own.",
        ),
        ("txt", "times", "maybe", "The export option “times” can’t be “maybe”; use yes or no."),
    ],
)
def test_options_that_a_format_cannot_take_are_refused(name: str, option: str, value: str, message: str) -> None:
    with pytest.raises(formats.OptionError) as refused:
        formats.options(name, {option: value})
    assert str(refused.value) == message


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_every_option_of_every_format_can_be_read_from_text(name: str) -> None:
    for field, option in formats.FORMATS[name].described.items():
        default = getattr(formats.FORMATS[name].options(), field)
        text = {True: "yes", False: "no"}[default] if option.kind == "switch" else str(default)
        assert getattr(formats.options(name, {field: text}), field) == default
        assert option.label
    assert formats.options(name, {}) == formats.FORMATS[name].options()
