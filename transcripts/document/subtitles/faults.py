"""What no layout can avoid in cues: speech that is faster than people read, and what is too long or too short.

A fault is a value with its arithmetic: what the limit is, what was found, and what would meet it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.subtitles.cues import Cue
    from transcripts.document.subtitles.profiles import Measure, Profile


class FaultKind(StrEnum):
    """A limit of the profile that a cue exceeds."""

    TOO_FAST = "too_fast"
    LINE_TOO_LONG = "line_too_long"
    TOO_MANY_LINES = "too_many_lines"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Fault:
    """A limit that the cue at `index` exceeds: `found` is what it has instead of `limit`.

    Characters a second, characters, lines or milliseconds, by its kind. `more_ms` and `fewer` say by how much time or
    by how many characters the cue would meet the limit, if either helps.
    """

    kind: FaultKind
    index: int
    limit: float
    found: float
    more_ms: int = 0
    fewer: int = 0

    @property
    def message(self) -> str:
        """Say what the limit is and what to do."""
        return _MESSAGES[self.kind].format(
            limit=_number(self.limit),
            seconds=_seconds(self.limit),
            more=_seconds(self.more_ms),
            fewer=f"{self.fewer} character{'' if self.fewer == 1 else 's'}",
        )


_MESSAGES = {
    FaultKind.TOO_FAST: "The limit is {limit}. Give it {more} s more, or shorten it by {fewer}.",
    FaultKind.LINE_TOO_LONG: "The limit is {limit} characters a line. Shorten the line by {fewer}.",
    FaultKind.TOO_MANY_LINES: "The limit is {limit} lines.",
    FaultKind.TOO_SHORT: "The shortest time is {seconds} s. Give it {more} s more.",
    FaultKind.TOO_LONG: "The longest time is {seconds} s. Split it.",
    FaultKind.GAP: "The gap to the next one is at least {seconds} s. End it {more} s earlier.",
}


def faults(cues: Sequence[Cue], profile: Profile) -> list[Fault]:
    """Return every limit of the profile that a cue exceeds, in the order of the cues."""
    found = [fault for index, cue in enumerate(cues) for fault in _of_cue(index, cue, profile)]
    found += [
        Fault(FaultKind.GAP, index, profile.gap_ms, gap, more_ms=profile.gap_ms - gap)
        for index, (cue, following) in enumerate(itertools.pairwise(cues))
        if (gap := following.start_ms - cue.end_ms) < profile.gap_ms
    ]
    return sorted(found, key=lambda fault: fault.index)


def reading_speed(cue: Cue, profile: Profile) -> float:
    """Return how many characters a second a viewer must read."""
    characters = sum(measure.length(line) for line, measure in _measured(cue, profile))
    return characters * 1_000 / (cue.end_ms - cue.start_ms)


def reading_ms(cue: Cue, profile: Profile) -> float:
    """Return how long a cue takes to read."""
    return sum(measure.length(line) * 1_000 / measure.speed for line, measure in _measured(cue, profile))


def longest_line(cue: Cue, profile: Profile) -> float:
    """Return how many characters the longest line has."""
    return max(measure.length(line) for line, measure in _measured(cue, profile))


def _of_cue(index: int, cue: Cue, profile: Profile) -> Iterator[Fault]:
    measured = _measured(cue, profile)
    span_ms = cue.end_ms - cue.start_ms
    yield from _too_fast(index, measured, span_ms)
    for line, measure in measured:
        if (over := measure.length(line) - measure.line) > 0:
            yield Fault(FaultKind.LINE_TOO_LONG, index, measure.line, measure.length(line), fewer=math.ceil(over))
    if len(cue.lines) > profile.lines:
        yield Fault(FaultKind.TOO_MANY_LINES, index, profile.lines, len(cue.lines))
    if span_ms < profile.shortest_ms:
        more_ms = profile.shortest_ms - span_ms
        yield Fault(FaultKind.TOO_SHORT, index, profile.shortest_ms, span_ms, more_ms=more_ms)
    if span_ms > profile.longest_ms:
        yield Fault(FaultKind.TOO_LONG, index, profile.longest_ms, span_ms)


def _too_fast(index: int, measured: Sequence[tuple[str, Measure]], span_ms: int) -> Iterator[Fault]:
    needed_ms = sum(measure.length(line) * 1_000 / measure.speed for line, measure in measured)
    if math.ceil(needed_ms) <= span_ms:
        return
    limit = min(measure.speed for _, measure in measured)
    characters = sum(measure.length(line) for line, measure in measured)
    fewer = math.ceil(round((needed_ms - span_ms) * limit / 1_000, 6))
    found = round(characters * 1_000 / span_ms, 1)
    yield Fault(FaultKind.TOO_FAST, index, limit, found, more_ms=math.ceil(needed_ms) - span_ms, fewer=fewer)


def _measured(cue: Cue, profile: Profile) -> list[tuple[str, Measure]]:
    if cue.is_dialogue:
        return [(line, profile.measure(line, tag)) for line, tag in zip(cue.lines, cue.languages, strict=True)]
    measure = profile.measure("".join(cue.lines), cue.languages[0])
    return [(line, measure) for line in cue.lines]


def _number(limit: float) -> str:
    return f"{limit:g}"


def _seconds(ms: float) -> str:
    """Return seconds with one decimal, rounded up so that what is asked for is enough."""
    return f"{math.ceil(ms / 100) / 10:.1f}" if ms >= 100 else f"{ms / 1_000:.2f}"
