"""The stretches of a live session that no words came for while it was spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.languages import is_same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.models import LiveSession, Marker, Segment


@dataclass(frozen=True, slots=True)
class Gap:
    """The provider was away from `from_ms` until `until_ms` of the session."""

    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text, the gaps and markers that stand before it, and its number; the last may be these alone.

    `language` is the tag of a segment that is not in the transcript's language, `begins` that of one before which
    another language was spoken.
    """

    number: int
    before: list[Gap | Marker]
    segment: Segment | None
    language: str = ""
    begins: str = ""


def of(session: LiveSession) -> list[Gap]:
    """The session's gaps in their order."""
    return [Gap(from_ms, until_ms) for from_ms, until_ms in session.gaps]


def joined(gaps: Sequence[list[int]], from_ms: int, until_ms: int) -> list[list[int]]:
    """The gaps with one more at their end; one with the last where nothing was heard between them."""
    if gaps and from_ms <= gaps[-1][1]:
        return [*gaps[:-1], [gaps[-1][0], max(gaps[-1][1], until_ms)]]
    return [*gaps, [from_ms, until_ms]]


def woven(
    segments: Iterable[Segment], gaps: Iterable[Gap] = (), markers: Iterable[Marker] = (), *, language: str = ""
) -> list[Line]:
    """The text with each gap and marker in its place; `language` is the transcript's."""
    left: list[Gap | Marker] = sorted([*gaps, *markers], key=_moment)
    lines: list[Line] = []
    spoken = language
    for segment in segments:
        # A segment without times stands where it stands.
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
