"""When several speakers speak at the same time."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.document.values import Segment


class Overlaps:
    """The stretches of time in which segments of more than one speaker are spoken."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        events = [
            event
            for segment in segments
            for event in ((segment.start_ms or 0, 1, segment.speaker), (segment.end_ms or 0, -1, segment.speaker))
        ]
        speaking: Counter[str | None] = Counter()
        for moment, step, speaker in sorted(events, key=lambda event: event[:2]):
            were_several = len(speaking) > 1
            speaking[speaker] += step
            if not speaking[speaker]:
                del speaking[speaker]
            if len(speaking) > 1 and not were_several:
                self._starts.append(moment)
            elif were_several and len(speaking) <= 1:
                self._ends.append(moment)

    def touch(self, start_ms: int, end_ms: int) -> bool:
        """Tell whether several speak at any time between two moments."""
        place = bisect_right(self._starts, max(start_ms, end_ms - 1)) - 1
        return place >= 0 and start_ms < self._ends[place]
