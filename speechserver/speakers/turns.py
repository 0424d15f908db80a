"""A turn: a stretch of a recording in which one speaker talks."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Turn:
    """From `start_s` to `end_s` of the recording, `speaker` talks; speakers are numbered from 1 as they appear."""

    start_s: float
    end_s: float
    speaker: int


class Timeline:
    """Turns in order of time, none overlapping another: who talks at a given moment."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._starts = [turn.start_s for turn in turns]

    def speaker_of(self, start_s: float, end_s: float) -> int:
        """Return who talks longest from `start_s` to `end_s`; between two turns, the one whose turn is nearer."""
        talked: dict[int, float] = {}
        for turn in self._around(start_s, end_s):
            # Negative between turns: the distance to the turn, so that the nearest wins.
            shared = min(end_s, turn.end_s) - max(start_s, turn.start_s)
            talked[turn.speaker] = _more(talked.get(turn.speaker), shared)
        return max(talked, key=lambda speaker: talked[speaker])

    def _around(self, start_s: float, end_s: float) -> Sequence[Turn]:
        """Return the turns that touch the stretch, with the nearest on either side."""
        first = max(0, bisect.bisect_right(self._starts, start_s) - 1)
        last = bisect.bisect_left(self._starts, end_s, lo=first) + 1
        return self._turns[first:last]


def _more(before: float | None, shared: float) -> float:
    if before is None:
        return shared
    return before + shared if before > 0 and shared > 0 else max(before, shared)
