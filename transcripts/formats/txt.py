"""Plain text: a paragraph a segment, headed by its time and speaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.formats.options import switch
from transcripts.formats.timecode import timecode

if TYPE_CHECKING:
    from transcripts.document import Segment
    from transcripts.formats.script import Script


@dataclass(frozen=True, slots=True)
class Options:
    """Whether paragraphs are headed by their times and by their speakers."""

    times: bool = switch("Times", default=True)
    speakers: bool = switch("Speaker names", default=True)


def render(script: Script, options: Options) -> bytes:
    """Return the text."""
    paragraphs = [f"{_heading(segment, options)}{one_line(segment.text)}" for segment in script.segments]
    return ("\n\n".join(paragraphs).rstrip("\n") + "\n").encode()


def _heading(segment: Segment, options: Options) -> str:
    has_time = options.times and segment.start_ms is not None
    time = f"[{timecode(segment.start_ms or 0, '.')[:8]}]" if has_time else ""
    speaker = f"{one_line(segment.speaker)}:" if options.speakers and segment.speaker else ""
    heading = " ".join(part for part in (time, speaker) if part)
    return f"{heading}\n" if heading else ""
