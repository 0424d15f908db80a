"""Export formats, one file each: pure functions from a script to text.

To add one: write `transcripts/formats/NAME.py` with `render(script) -> str`, and give it a line in `FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transcripts.document import Segment


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person should know about the audio or the text: a code and its values for programs, and a message."""

    code: str
    values: dict[str, Any]
    message: str


@dataclass(frozen=True, slots=True)
class Script:
    """A transcript as it is exported. The speakers of its segments are the labels that people gave them.

    `language` is that of most of the speech, each segment has its own.
    """

    title: str
    language: str
    duration_ms: int | None
    engine: str
    segments: tuple[Segment, ...]
    notices: tuple[Notice, ...] = ()
    language_probability: float | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A format's module and content type, and its name and purpose in the download menu."""

    module: str
    content_type: str
    label: str
    purpose: str


FORMATS = {
    "txt": Format("transcripts.formats.txt", "text/plain; charset=utf-8", "TXT", "plain text"),
    "srt": Format("transcripts.formats.srt", "application/x-subrip; charset=utf-8", "SRT", "subtitles"),
    "vtt": Format("transcripts.formats.vtt", "text/vtt; charset=utf-8", "VTT", "captions for the web"),
    "json": Format("transcripts.formats.json", "application/json", "JSON", "every word with its times"),
}


def render(name: str, script: Script) -> str:
    """Return the script in the format of this name. Raises KeyError for one that does not exist."""
    rendered: str = import_module(FORMATS[name].module).render(script)
    return rendered


def timecode(ms: int, separator: str) -> str:
    """Return HH:MM:SS and milliseconds; hours grow past two digits."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{rest:03}"
