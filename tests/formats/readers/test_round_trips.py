"""What Verbatim exports is read as it was: exporting it again gives the same file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts import formats
from transcripts.document import Segment
from transcripts.formats import Script, readers

NAMES = ("Anna Schmidt", "Ben", "Ngozi Okafor")
SPOKEN = "wir gehen nach Hause und essen dann zwei Äpfel, sagt er. Ja! Привет you & me < 1984"
WORDS = st.sampled_from(SPOKEN.split(" "))
texts = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    """Draw segments one after the other, with room for every word; the voices change."""
    segments: list[Segment] = []
    start_ms = draw(st.integers(0, 5_000))
    for place, text in enumerate(draw(st.lists(texts, min_size=2, max_size=6))):
        end_ms = start_ms + 400 * len(text.split())
        segments.append(Segment(text, start_ms, end_ms, NAMES[place % 3]))
        start_ms = end_ms + draw(st.integers(1_000, 4_000))
    return Script("Title", "de", start_ms + 5_000, "engine", tuple(segments))


def rendered(format: str, script: Script) -> bytes:
    return formats.render(format, script, formats.options(format, {})).content


def reread(content: bytes) -> Script:
    document = readers.read(content)
    return Script("Title", "de", 10_000_000, "engine", document.segments)


@pytest.mark.parametrize("format", ["srt", "vtt", "txt", "docx", "whisper", "json"])
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(script=scripts())
def test_every_word_and_voice_comes_back(format: str, script: Script) -> None:
    found = readers.read(rendered(format, script))
    assert " ".join(one.text for one in found.segments).split() == " ".join(one.text for one in script.segments).split()
    voices = [one.speaker for one in found.segments]
    assert [name for place, name in enumerate(voices) if place == 0 or voices[place - 1] != name] == [
        one.speaker for one in script.segments
    ]


@pytest.mark.parametrize("format", ["txt", "json", "whisper"])
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(script=scripts())
def test_an_export_that_is_read_and_exported_again_is_the_same_file(format: str, script: Script) -> None:
    content = rendered(format, script)
    document = readers.read(content)
    again = Script("Title", "de", script.duration_ms, document.engine or "engine", document.segments)
    if format == "whisper":
        assert reread(rendered(format, again)).segments == document.segments
    else:
        assert rendered(format, again) == content


@pytest.mark.parametrize("format", ["srt", "vtt"])
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(script=scripts())
def test_cues_keep_their_times_through_a_second_export(format: str, script: Script) -> None:
    first = reread(rendered(format, script))
    second = reread(rendered(format, first))
    assert second.segments == first.segments
