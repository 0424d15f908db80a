"""WebVTT subtitles (https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from transcripts.document.cues import Cue, cues
from transcripts.formats import timecode

if TYPE_CHECKING:
    from transcripts.formats import Script


def render(script: Script) -> str:
    """Return the subtitles; speakers are voice tags."""
    return "\n".join(["WEBVTT\n", *(_block(cue) for cue in cues(script.segments))])


def _block(cue: Cue) -> str:
    times = f"{timecode(cue.start_ms, '.')} --> {timecode(cue.end_ms, '.')}"
    text = escape("\n".join(cue.lines), quote=False)
    if cue.speaker:
        # A voice's name ends at the first ">" and may not break the line.
        text = f"<v {escape(' '.join(cue.speaker.split()), quote=False)}>{text}"
    return f"{times}\n{text}\n"
