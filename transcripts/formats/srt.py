"""SubRip subtitles (https://docs.fileformat.com/video/srt/)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.document.subtitles import DASH
from transcripts.formats.options import switch
from transcripts.formats.subtitle_options import SubtitleOptions
from transcripts.formats.timecode import timecode

if TYPE_CHECKING:
    from transcripts.formats.script import Script

TIME = re.compile(r"(\d:\d{1,2}:\d{1,2})([.,]\d)")


@dataclass(frozen=True, slots=True)
class Options(SubtitleOptions):
    """Whether a speaker is named when the voice changes, in addition to the limits; a name adds to its line."""

    speakers: bool = switch("Speaker names", default=True)


def render(script: Script, options: Options) -> bytes:
    """Return the subtitles; a speaker is named when the voice changes, if there is more than one."""
    several = options.speakers and len({segment.speaker for segment in script.segments} - {None}) > 1
    blocks: list[str] = []
    before: str | None = None
    for number, cue in enumerate(options.cues(script), start=1):
        names = [name if several and name != before else None for name in cue.speakers]
        before = cue.speakers[-1]
        times = f"{timecode(cue.start_ms, ',')} --> {timecode(cue.end_ms, ',')}"
        lines = cue.lines if cue.is_dialogue else ["\n".join(cue.lines)]
        dash = DASH if cue.is_dialogue else ""
        text = "\n".join(_line(dash, name, line) for name, line in zip(names, lines, strict=True))
        blocks.append(f"{number}\n{times}\n{text}\n")
    return "\n".join(blocks).encode()


def _line(dash: str, name: str | None, text: str) -> str:
    line = f"{dash}{f'{one_line(name)}: ' if name else ''}{text}"
    # Some players take an arrow in a text or a name, or two times on a line, for the times of a cue.
    line = line.replace("-->", "→")
    return TIME.sub("\\1\u2060\\2", line) if ":" in line else line
