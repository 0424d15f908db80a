"""The segments of a transcript with its gaps and markers in their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from transcripts.document.languages import is_same
from transcripts.services.live.gaps import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.models import Marker, Speaker


class ShownSegment(NamedTuple):
    """A segment as the page shows it first."""

    start_ms: int | None
    text: str
    language: str
    speaker: Speaker | None


@dataclass(frozen=True, slots=True)
class Line:
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
        # A segment without times stays in its place.
        at_ms = -1 if segment.start_ms is None else segment.start_ms
        before = [one for one in left if _moment(one) <= at_ms]
        left = left[len(before) :]
        own = segment.language or language
        other = "" if is_same(own, language) else own
        begins = own if own and not is_same(own, spoken) else ""
        lines.append(Line(len(lines), before, segment, other, begins))
        spoken = own
    return [*lines, Line(len(lines), left, None)] if left else lines


def _moment(one: Gap | Marker) -> int:
    return one.from_ms if isinstance(one, Gap) else one.at_ms
