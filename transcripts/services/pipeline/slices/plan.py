"""Where a recording is cut: pure rules on how loud it is (decision 45).

A slice ends in the middle of a silence of its last third, so that no word is cut. Without one it ends where it must,
and the next begins earlier: what both have is joined once (`joining.py`). A long silence at the edge of a slice isn't
sent, and so isn't paid for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.media.decoder.levels import AUDIBLE
from transcripts.media.slices import WINDOW_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OVERLAP_MS = 4_000
# Shorter ones are between the words of a sentence, or within one
SHORTEST_SILENCE_MS = 300
# Longer ones at the edge of a slice aren't sent, but for a breath beside what is said
LONG_SILENCE_MS, BREATH_MS = 20_000, 500
# What is quiet lies so far above the quietest tenth (6 dB) and so far below the loudest twentieth (20 dB)
ABOVE_FLOOR, BELOW_SPEECH = 4, 0.01


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch to send. Its first `overlap_ms` are also the end of the one before it."""

    start_ms: int
    end_ms: int
    overlap_ms: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which no one speaks."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms

    @property
    def middle_ms(self) -> int:
        """Where it is cut."""
        return (self.start_ms + self.end_ms) // 2


def silences(levels: Sequence[float], length_ms: int) -> list[Silence]:
    """Return the silences of audio whose windows have these mean squares."""
    quiet = _threshold(levels)
    found, at = [], 0
    for is_quiet, windows in itertools.groupby(levels, lambda level: level <= quiet):
        size = sum(1 for _ in windows)
        if is_quiet:
            found.append(Silence(at * WINDOW_MS, min((at + size) * WINDOW_MS, length_ms)))
        at += size
    return [silence for silence in found if silence.length_ms >= SHORTEST_SILENCE_MS]


def _threshold(levels: Sequence[float]) -> float:
    """Return the level below which no one speaks: rooms are never silent, and each has its own noise."""
    ordered = sorted(levels) or [0.0]
    floor, speech = ordered[len(ordered) // 10], ordered[len(ordered) * 19 // 20]
    return max(AUDIBLE, min(floor * ABOVE_FLOOR, speech * BELOW_SPEECH))


def slices(found: Sequence[Silence], length_ms: int, most_ms: int) -> list[Slice]:
    """Cut audio of that length into slices of at most `most_ms`, which is more than twice the overlap."""
    made = list(_cut(found, length_ms, most_ms))
    return made or [Slice(0, min(length_ms, most_ms))]


def _cut(found: Sequence[Silence], length_ms: int, most_ms: int) -> Iterator[Slice]:
    at, overlap_ms = 0, 0
    while at < length_ms:
        at = at if overlap_ms else _after_long(found, at)
        latest_ms = at + most_ms
        silence = _where_to_cut(found, at, latest_ms) if latest_ms < length_ms else None
        cut_ms = silence.middle_ms if silence else min(latest_ms, length_ms)
        end_ms = _before_long(found, at, cut_ms)
        if end_ms > at:
            yield Slice(at, end_ms, overlap_ms)
        if cut_ms >= length_ms:
            return
        overlap_ms = 0 if any(one.start_ms <= cut_ms <= one.end_ms for one in found) else OVERLAP_MS
        at = cut_ms - overlap_ms


def _where_to_cut(found: Sequence[Silence], at: int, latest_ms: int) -> Silence | None:
    """Return the longest silence whose middle is in the last third, the later of equals."""
    earliest_ms = latest_ms - (latest_ms - at) // 3
    within = [silence for silence in found if earliest_ms <= silence.middle_ms <= latest_ms]
    return max(within, key=lambda silence: (silence.length_ms, silence.middle_ms), default=None)


def _after_long(found: Sequence[Silence], at: int) -> int:
    """Return where a slice that would begin at `at` begins: a long silence there isn't sent."""
    for silence in found:
        if silence.start_ms <= at < silence.end_ms and silence.length_ms >= LONG_SILENCE_MS:
            return max(at, silence.end_ms - BREATH_MS)
    return at


def _before_long(found: Sequence[Silence], at: int, cut_ms: int) -> int:
    """Return where a slice that would end at `cut_ms` ends: a long silence there isn't sent."""
    for silence in found:
        if silence.start_ms < cut_ms <= silence.end_ms and silence.length_ms >= LONG_SILENCE_MS:
            return max(at, min(cut_ms, silence.start_ms + BREATH_MS))
    return cut_ms
