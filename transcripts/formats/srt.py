"""SubRip subtitles (https://docs.fileformat.com/video/srt/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document.cues import cues
from transcripts.formats import timecode

if TYPE_CHECKING:
    from transcripts.formats import Script


def render(script: Script) -> str:
    """Return the subtitles; a speaker is named where the voice changes, if there is more than one."""
    several = len({segment.speaker for segment in script.segments} - {None}) > 1
    blocks: list[str] = []
    before: str | None = None
    for number, cue in enumerate(cues(script.segments), start=1):
        name = f"{cue.speaker}: " if several and cue.speaker and cue.speaker != before else ""
        before = cue.speaker
        times = f"{timecode(cue.start_ms, ',')} --> {timecode(cue.end_ms, ',')}"
        # An arrow in the text would be read as times by some players.
        text = "\n".join(cue.lines).replace("-->", "→")
        blocks.append(f"{number}\n{times}\n{name}{text}\n")
    return "\n".join(blocks)
