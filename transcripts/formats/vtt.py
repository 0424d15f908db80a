"""WebVTT subtitles (https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from transcripts.document.languages import is_same
from transcripts.document.plain import one_line
from transcripts.document.subtitles import DASH, Cue
from transcripts.formats.subtitle_options import SubtitleOptions
from transcripts.formats.timecode import timecode

if TYPE_CHECKING:
    from transcripts.formats.script import Script

Options = SubtitleOptions


def render(script: Script, options: SubtitleOptions) -> bytes:
    """Return the subtitles; speakers are voice tags, and what is in another language than the rest has a tag too."""
    blocks = [_block(cue, script) for cue in options.cues(script)]
    return "\n".join(["WEBVTT\n", *blocks]).encode()


def _block(cue: Cue, script: Script) -> str:
    times = f"{timecode(cue.start_ms, '.')} --> {timecode(cue.end_ms, '.')}"
    lines = [DASH + line for line in cue.lines] if cue.is_dialogue else ["\n".join(cue.lines)]
    texts = [_tagged(line, tag, script) for line, tag in zip(lines, cue.languages, strict=True)]
    voices = zip(cue.speakers, texts, strict=True)
    text = "\n".join(_voiced(speaker, line, is_alone=not cue.is_dialogue) for speaker, line in voices)
    return f"{times}\n{text}\n"


def _tagged(line: str, language: str | None, script: Script) -> str:
    text = escape(line, quote=False)
    is_other = language and not is_same(language, script.language)
    return f"<lang {escape(language or '')}>{text}</lang>" if is_other else text


def _voiced(speaker: str | None, text: str, *, is_alone: bool) -> str:
    # A voice's name ends at the first ">" and may not break the line.
    name = escape(one_line(speaker or ""), quote=False)
    # Only a voice that has the whole cue may be left open: another one would be inside of it.
    end = "" if is_alone else "</v>"
    return f"<v {name}>{text}{end}" if name else text
