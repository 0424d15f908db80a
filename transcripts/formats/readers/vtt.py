"""WebVTT (https://www.w3.org/TR/webvtt1/): voices, ids, settings, notes, styles, entities, and times within a cue.

Live captions repeat the line above and give each new word its time; such a line is read once, with the times of its
words. Names before a colon, as meetings write them, are speakers too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from transcripts.document import Document, Segment, Timing, Word, scripts
from transcripts.document.subtitles import DASH
from transcripts.formats.readers import srt
from transcripts.formats.readers.times import CLOCK, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SILENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
LANGUAGE = re.compile(r"<lang\s+([^>\s]+)\s*>")
MOMENT = re.compile(rf"<({CLOCK})>")
TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|v|lang)(?:[.\s][^>]*)?>|<>")


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines between two blank ones, and the number of the first."""

    number: int
    lines: tuple[str, ...]


def is_one(text: str) -> bool:
    """Tell whether a text has the first line of WebVTT."""
    return re.match(r"\ufeff?WEBVTT(?:[ \t\n]|$)", text) is not None


def read(text: str) -> Document:
    """Return a segment a cue, or one a voice of a cue. Raises Unreadable."""
    cues = list(_cues(text))
    if any(MOMENT.search(line) for cue in cues for line in cue.texts):
        return Document(tuple(_rolled(cues)))
    if any(VOICE.search(line) for cue in cues for line in cue.texts):
        return Document(tuple(segment for cue in cues for segment in _voiced(cue)))
    plain = [srt.Cue(cue.line, cue.start_ms, cue.end_ms, tuple(map(_plain, cue.texts))) for cue in cues]
    return Document(tuple(srt.segments(plain)))


def _cues(text: str) -> Iterator[srt.Cue]:
    found: srt.Cue | None = None
    for block in _blocks(text):
        place = next((place for place, line in enumerate(block.lines[:2]) if "-->" in line), None)
        if place is not None:
            if found:
                yield found
            found = srt.cue_of(block.lines[place], block.number + place, block.lines[place + 1 :])
        elif found and not SILENT.match(block.lines[0]):
            # A blank line within a cue: players drop what follows it, but its words were said
            found = srt.Cue(found.line, found.start_ms, found.end_ms, (*found.texts, *block.lines))
    if found:
        yield found


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield _Block(number - len(lines), tuple(lines))
            lines = []


def _plain(line: str) -> str:
    return unescape(TAG.sub("", MOMENT.sub("", LANGUAGE.sub("", VOICE.sub("", line))))).strip()


# Voices


def _voiced(cue: srt.Cue) -> Iterator[Segment]:
    """Yield what each voice of a cue says; voices share its time."""
    parts: list[tuple[str | None, str | None, str]] = []
    for line in cue.texts:
        voice = VOICE.search(line)
        language = LANGUAGE.search(line)
        name = " ".join(unescape(voice[1]).split()) if voice else None
        text = _plain(line)
        if name or not parts:
            is_dialogue = voice is not None and line.startswith(DASH)
            parts.append((name, language[1] if language else None, text.removeprefix(DASH) if is_dialogue else text))
        else:
            parts[-1] = (*parts[-1][:2], scripts.joined([parts[-1][2], text]))
    whole = sum(len(text) for _, _, text in parts) or 1
    passed, length = 0, cue.end_ms - cue.start_ms
    for name, tag, text in parts:
        start_ms = cue.start_ms + length * passed // whole
        passed += len(text)
        if text:
            yield Segment(text, start_ms, cue.start_ms + length * passed // whole, name, language=tag)


# Words with times


def _rolled(cues: Sequence[srt.Cue]) -> Iterator[Segment]:
    """Yield a segment for each line that is new, for live captions show the line before it once more."""
    shown: list[str] = []
    for cue in cues:
        lines = list(cue.texts)
        while lines and shown and not MOMENT.search(lines[0]) and _plain(lines[0]) in shown:
            lines.pop(0)
        shown = [_plain(line) for line in cue.texts]
        for line in lines:
            if segment := _timed(line, cue):
                yield segment


def _timed(line: str, cue: srt.Cue) -> Segment | None:
    """Return a line whose words are timed by the moments between them."""
    voice = VOICE.search(line)
    pieces = MOMENT.split(line)
    moments = [cue.start_ms, *(milliseconds(piece) or 0 for piece in pieces[1::2]), cue.end_ms]
    words: list[Word] = []
    for place, piece in enumerate(pieces[::2]):
        spoken = scripts.words_in(_plain(piece))
        start_ms, end_ms = moments[place], max(moments[place], moments[place + 1])
        # Several words between two moments have no times of their own
        known = (start_ms, end_ms, None, Timing.MEASURED) if len(spoken) == 1 and len(pieces) > 1 else ()
        words += [Word(text, *known) for text in spoken]
    text = " ".join(_plain(line).split())
    name = unescape(voice[1]).strip() if voice else None
    return Segment(text, cue.start_ms, cue.end_ms, name, tuple(words)) if text else None
