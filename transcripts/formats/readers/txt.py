"""Plain text, with the times and speakers that people and programs write into it.

A heading is a line of its own or the beginning of one: "Anna: …", "[00:01:02] Anna: …", "Anna (00:01:02): …",
"Anna: [00:01:02] …", "Anna  1:02", "0:05". What follows belongs to it, up to the next heading or blank line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import Document, Segment, scripts
from transcripts.formats.readers import names
from transcripts.formats.readers.times import CLOCK, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BOXED = rf"[\[(]\s*(?P<time>{CLOCK})\s*[\])]"
_NAME = r"(?:>>\s*)?(?P<name>[^\W_][^:\[\]()<>\n]{0,59}?)"
# Each form of a heading, the clearest first. The last ones have no brackets, so they are a line of their own.
FORMS = (
    re.compile(rf"{_BOXED}\s*[-–—:]?\s*(?P<text>.*)"),
    re.compile(rf"{_NAME}\s*:?\s*{_BOXED}\s*[:\-–—]?\s*(?P<text>.*)"),
    re.compile(rf"(?P<time>{CLOCK})\s*[-–—]?\s*(?P<text>)"),
    re.compile(rf"(?P<time>{CLOCK})(?:\t| [-–—] |  +)(?P<text>.*)"),
    re.compile(rf"{_NAME}:?(?:\s{{2,}}|\t)(?P<time>{CLOCK})\s*(?P<text>)"),
    re.compile(rf"{_NAME},? (?P<time>{CLOCK})\s*(?P<text>)"),
)


@dataclass(frozen=True, slots=True)
class _Heading:
    """Who speaks from when on, as far as a line says it, and what it says besides."""

    speaker: str | None
    start_ms: int | None
    text: str


def read(text: str) -> Document:
    """Return a segment a paragraph and heading. Lines without a blank one between any are a segment each."""
    lines = [line.strip() for line in text.strip("\ufeff\n ").split("\n")]
    return Document(tuple(_segments(lines)))


def _segments(lines: Sequence[str]) -> Iterator[Segment]:
    timed = [_timed(line) for line in lines]
    spoken = [found.text if found else line for line, found in zip(lines, timed, strict=True)]
    known = names.speakers_of(spoken)
    # Lines of a text without any blank one are its paragraphs
    is_folded = any(not line for line in lines) or any(timed)
    speaker: str | None = None
    start_ms: int | None = None
    held: list[str] = []
    for line, found in zip(lines, timed, strict=True):
        heading = _with_name(found or _Heading(None, None, line), known)
        is_new = found is not None or heading.speaker is not None
        if held and (is_new or not line or not is_folded):
            yield Segment(scripts.joined(held), start_ms, None, speaker)
            held, start_ms = [], None
        if is_new:
            speaker = heading.speaker or speaker
            start_ms = heading.start_ms if heading.start_ms is not None else start_ms
        held += [heading.text] if heading.text else []
    if held:
        yield Segment(scripts.joined(held), start_ms, None, speaker)


def _timed(line: str) -> _Heading | None:
    """Return the heading with a time that a line begins with, None if it has none."""
    for form in FORMS:
        found = form.fullmatch(line)
        if found is None:
            continue
        name = (found.groupdict().get("name") or "").strip().rstrip(":").strip()
        if not name or names.is_name(name):
            return _Heading(name or None, milliseconds(found["time"]), found["text"].strip())
    return None


def _with_name(heading: _Heading, known: frozenset[str]) -> _Heading:
    """Take a name out of the rest of a line."""
    found = names.split(heading.text) if heading.speaker is None else None
    # A name alone behind a time is a heading, even if it is there once
    is_alone = found is not None and not found[1] and heading.start_ms is not None
    return _Heading(found[0], heading.start_ms, found[1]) if found and (found[0] in known or is_alone) else heading
