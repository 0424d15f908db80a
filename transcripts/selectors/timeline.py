"""The segments of a transcript with its gaps and markers in their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from transcripts.document.languages import is_same
from transcripts.services.live.gaps import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.models import Marker, Speaker


@dataclass(frozen=True, slots=True)
class MissingPart(Gap):
    """A stretch of a recording that the provider couldn't transcribe, with a sentence that says why."""

    why: str


class ShownSegment(NamedTuple):
    """A segment as the page shows it first."""

    start_ms: int | None
    text: str
    language: str
    speaker: Speaker | None


class Line(NamedTuple):
    """A line of the text, the gaps and markers that stand before it, and its number; the last may be these alone.

    `language` is the tag of a segment that is not in the transcript's language, `begins` that of one before which
    another language was spoken.
    """

    number: int
    before: list[Gap | Marker]
    segment: ShownSegment | None
    language: str = ""
    begins: str = ""


def woven(
    segments: Iterable[ShownSegment], gaps: Iterable[Gap] = (), markers: Iterable[Marker] = (), *, language: str = ""
) -> list[Line]:
    """The text with each gap and marker in its place; `language` is the transcript's."""
    left: list[Gap | Marker] = sorted([*gaps, *markers], key=_moment)
    lines: list[Line] = []
    spoken = language
    for segment in segments:
        before: list[Gap | Marker] = []
        # A segment without times stays in its place.
        while left and segment.start_ms is not None and _moment(left[0]) <= segment.start_ms:
            before.append(left.pop(0))
        own = segment.language or language
        other = "" if own == language or is_same(own, language) else own
        begins = "" if not own or own == spoken or is_same(own, spoken) else own
        lines.append(Line(len(lines), before, segment, other, begins))
        spoken = own
    return [*lines, Line(len(lines), left, None)] if left else lines


def _moment(one: Gap | Marker) -> int:
    return one.from_ms if isinstance(one, Gap) else one.at_ms
