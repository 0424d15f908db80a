"""Times for words that have none, as an engine found them in the audio (forced alignment)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document.timing import estimated
from transcripts.document.values import Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.untimed.pauses import Stretch
    from transcripts.document.values import Segment

    Span = tuple[int, int]


def expected(segments: Sequence[Segment]) -> list[tuple[str, float]]:
    """Return all words, each with the second that it is estimated at, if any of them is an estimate; else nothing."""
    words = [word for segment in segments for word in segment.words]
    if all(word.timing != Timing.ESTIMATED for word in words):
        return []
    return [(word.text, (word.start_ms or 0) / 1000) for word in words]


def with_times(
    segments: Sequence[Segment], times: Sequence[Span | None], length_ms: int | None, spoken: Sequence[Stretch] = ()
) -> list[Segment]:
    """Return the segments with what was found of their words; what was not is estimated between its neighbours.

    `times` are those of all words in their order; if they are those of another text, nothing changes. What the
    provider measured stays as it is.
    """
    if len(times) != sum(len(segment.words) for segment in segments):
        return list(segments)
    rest = iter(times)
    found = [_with(segment, [next(rest) for _ in segment.words], length_ms, spoken) for segment in segments]
    return sorted(found, key=lambda segment: segment.start_ms or 0)


def _with(segment: Segment, times: Sequence[Span | None], length_ms: int | None, spoken: Sequence[Stretch]) -> Segment:
    words = list(_rising(segment.words, times, length_ms))
    known = [word for word in words if word.timing == Timing.ALIGNED]
    if not known:
        return segment
    # Its own ends count only where a word wasn't found
    start_ms, end_ms = known[0].start_ms or 0, max(word.end_ms or 0 for word in known)
    if words[0] is not known[0]:
        start_ms = min(segment.start_ms or 0, start_ms)
    if words[-1] is not known[-1]:
        end_ms = max(segment.end_ms or 0, end_ms)
    return estimated(replace(segment, start_ms=start_ms, end_ms=end_ms, words=tuple(words)), spoken)


def _rising(words: Sequence[Word], times: Sequence[Span | None], length_ms: int | None) -> Iterator[Word]:
    """Yield the words with their times, but for those that are earlier than the word before."""
    reached = 0
    for word, span in zip(words, times, strict=True):
        if word.timing != Timing.ESTIMATED:
            reached = max(reached, word.start_ms or 0)
            yield word
        elif span is None or span[0] < reached or (length_ms is not None and span[0] > length_ms):
            yield Word(word.text, confidence=word.confidence)
        else:
            reached = span[0]
            end_ms = span[1] if length_ms is None else min(span[1], length_ms)
            yield replace(word, start_ms=reached, end_ms=end_ms, timing=Timing.ALIGNED)
