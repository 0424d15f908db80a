"""SubRip subtitles, as editors and transcription tools write them: tags, positions, names of speakers, blank lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import Document, Segment, scripts, timing
from transcripts.document.subtitles import DASH
from transcripts.document.values import Word
from transcripts.formats.readers import names
from transcripts.formats.readers.errors import Unreadable
from transcripts.formats.readers.times import CLOCK, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TIMES = re.compile(rf"\s*(?P<start>{CLOCK})\s*-->\s*(?P<end>{CLOCK})(?:\s.*)?")
# Enough to know what a line is meant to be, so that its fault is told and it isn’t read as text
BEGINNING = re.compile(rf"\s*{CLOCK}\s*-->")
TAGS = re.compile(r"</?(?:i|b|u|s|em|strong|font|c|span)(?:[\s.=][^<>]*)?>|\{\\an?\d+\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """The lines of a cue and its times; `line` is where its times are written."""

    line: int
    start_ms: int
    end_ms: int
    texts: tuple[str, ...]


def is_one(text: str) -> bool:
    """Tell whether a text has times of subtitles near its beginning."""
    return any(BEGINNING.match(line) for line in text[:4_000].split("\n")[:30])


def read(text: str) -> Document:
    """Return a segment a cue, or one a speaker of a dialogue. Raises Unreadable."""
    return Document(tuple(segments(list(_cues(text.split("\n"))))))


def cue_of(line: str, number: int, texts: Sequence[str]) -> Cue:
    """Return a cue; `number` is that of its line of times. Raises Unreadable."""
    found = TIMES.fullmatch(line)
    if found is None:
        raise Unreadable("this isn’t a subtitle time such as 00:00:01,000 --> 00:00:02,500.", number)
    start_ms, end_ms = milliseconds(found["start"]) or 0, milliseconds(found["end"]) or 0
    return Cue(number, start_ms, max(start_ms, end_ms), tuple(text for text in texts if text.strip()))


def _cues(lines: Sequence[str]) -> Iterator[Cue]:
    """Yield what is between two lines of times; the number before a line of times belongs to it."""
    places = [place for place, line in enumerate(lines) if "-->" in line]
    first = places[0] if places else len(lines)
    for number, line in enumerate(lines[:first], start=1):
        if line.strip() and not line.strip("\ufeff ").isdecimal():
            raise Unreadable("there is text before the first time.", number)
    for place, following in zip(places, [*places[1:], len(lines)], strict=True):
        body = list(lines[place + 1 : following])
        while body and not body[-1].strip():
            body.pop()
        if following < len(lines) and body and body[-1].strip().isdecimal() and _is_number(body, lines, following):
            body.pop()
        yield cue_of(lines[place], place + 1, [TAGS.sub("", line).strip() for line in body])


def _is_number(body: Sequence[str], lines: Sequence[str], following: int) -> bool:
    """Tell whether the last line before times numbers the next cue: it is right there, and alone or after a blank."""
    return bool(lines[following - 1].strip()) and (len(body) == 1 or not body[-2].strip())


def segments(cues: Sequence[Cue], *, is_carried: bool = True) -> Iterator[Segment]:
    """Yield the segments of cues. With `is_carried` a speaker continues until another one is named."""
    known = names.speakers_of(_undashed(text) for cue in cues for text in cue.texts)
    speaker: str | None = None
    for cue in cues:
        parts = _parts(cue, known)
        times = timing.shared([Word(text) for _, text in parts], cue.start_ms, cue.end_ms)
        for (name, text), word in zip(parts, times, strict=True):
            speaker = name or (speaker if is_carried else None)
            if text:
                yield Segment(text, word.start_ms, word.end_ms, speaker)


def _parts(cue: Cue, known: frozenset[str]) -> list[tuple[str | None, str]]:
    """Return who says what in a cue, None if no one is named."""
    lines = [_named(text, known) for text in cue.texts]
    voices = [name for name, _ in lines if name]
    if len(voices) < 2:
        named = lines[0][0] if lines else None
        texts = [text if place == 0 or not name else cue.texts[place] for place, (name, text) in enumerate(lines)]
        return [(named, scripts.joined(texts))] if lines else []
    parts: list[tuple[str | None, str]] = []
    for name, text in lines:
        if name or not parts:
            parts.append((name, text))
        else:
            parts[-1] = (parts[-1][0], scripts.joined([parts[-1][1], text]))
    return parts


def _named(text: str, known: frozenset[str]) -> tuple[str | None, str]:
    found = names.split(_undashed(text))
    return found if found and found[0] in known else (None, text)


def _undashed(text: str) -> str:
    return re.sub(rf"^(?:{re.escape(DASH.strip())}|[-–—])\s*", "", text)
