"""WebVTT subtitles (https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from transcripts.document.cues import DASH, Cue, cues
from transcripts.document.plain import one_line
from transcripts.formats import timecode

if TYPE_CHECKING:
    from transcripts.formats import Script


def render(script: Script) -> str:
    """Return the subtitles; speakers are voice tags."""
    return "\n".join(["WEBVTT\n", *(_block(cue) for cue in cues(script.segments, script.duration_ms))])


def _block(cue: Cue) -> str:
    times = f"{timecode(cue.start_ms, '.')} --> {timecode(cue.end_ms, '.')}"
    lines = [DASH + line for line in cue.lines] if cue.is_dialogue else ["\n".join(cue.lines)]
    text = "\n".join(_voiced(speaker, line) for speaker, line in zip(cue.speakers, lines, strict=True))
    return f"{times}\n{text}\n"


def _voiced(speaker: str | None, line: str) -> str:
    # A voice's name ends at the first ">" and may not break the line.
    name = escape(one_line(speaker or ""), quote=False)
    return f"<v {name}>{escape(line, quote=False)}" if name else escape(line, quote=False)
