"""Turns: what one speaker says until another one speaks, as documents show it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.formats.options import switch
from transcripts.formats.timecode import timecode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.document import Segment
    from transcripts.formats.script import Script

# XML and fonts have no such characters.
NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """What a document shows beside the text."""

    times: bool = switch("Times", default=True)
    speakers: bool = switch("Speaker names", default=True)
    details: bool = switch("Details below the title", default=True)


@dataclass(frozen=True, slots=True)
class Turn:
    """The segments of a turn, and its heading: a time and a name, each empty if it isn't shown or known."""

    time: str
    speaker: str
    segments: tuple[Segment, ...]

    @property
    def heading(self) -> str:
        """Time and name as one text."""
        return "  ".join(part for part in (self.time, self.speaker) if part)


def turns(script: Script, options: DocumentOptions) -> Iterator[Turn]:
    """Yield the turns in order. Segments without a speaker are a turn each, as no one knows who says them."""
    numbered = enumerate(script.segments)
    for _, group in itertools.groupby(numbered, key=lambda pair: pair[1].speaker or pair[0]):
        segments = tuple(segment for _, segment in group)
        start_ms, speaker = segments[0].start_ms, segments[0].speaker
        time = timecode(start_ms, ".")[:-4] if options.times and start_ms is not None else ""
        yield Turn(time, clean(speaker) if options.speakers and speaker else "", segments)


def clean(text: str) -> str:
    """Return the text on one line, without what a document can't hold."""
    return one_line(text).translate(NO_CHARACTERS)
