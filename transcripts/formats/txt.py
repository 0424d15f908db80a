"""Plain text: a paragraph a segment, headed by its time and speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.formats import timecode

if TYPE_CHECKING:
    from transcripts.document import Segment
    from transcripts.formats import Script


def render(script: Script) -> str:
    """Return the text."""
    return (
        "".join(f"{_heading(segment)}{one_line(segment.text)}\n\n" for segment in script.segments).rstrip("\n") + "\n"
    )


def _heading(segment: Segment) -> str:
    time = "" if segment.start_ms is None else f"[{timecode(segment.start_ms, '.')[:8]}]"
    parts = [part for part in (time, f"{one_line(segment.speaker)}:" if segment.speaker else "") if part]
    return f"{' '.join(parts)}\n" if parts else ""
