"""Words and segments in the order of time, and what their times say of each other."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


def in_order(items: Sequence[T], start_of: Callable[[T], int | None]) -> list[T]:
    """Sort by start; what has none stays behind the item that it followed."""
    keyed: list[tuple[int, T]] = []
    last = -1
    for item in items:
        start_ms = start_of(item)
        last = last if start_ms is None else start_ms
        keyed.append((last, item))
    return [item for _, item in sorted(keyed, key=lambda pair: pair[0])]


def ended(words: Sequence[Word]) -> list[Word]:
    """Give words without an end the next start, if that is not before their own."""
    found: list[Word] = []
    following: int | None = None
    for word in reversed(words):
        if word.start_ms is not None:
            if word.end_ms is None and following is not None:
                word = replace(word, end_ms=max(word.start_ms, following))
            following = word.start_ms
        found.append(word)
    return found[::-1]


def steady(words: Sequence[Word]) -> list[Word]:
    """Take their times from the fewest words, so that those of the others only grow."""
    timed = [index for index, word in enumerate(words) if word.start_ms is not None]
    kept = {timed[place] for place in _rising([words[index].start_ms or 0 for index in timed])}
    if len(kept) == len(timed):
        return list(words)
    return [word if index in kept else _without_times(word) for index, word in enumerate(words)]


def _without_times(word: Word) -> Word:
    return replace(word, start_ms=None, end_ms=None, timing=Timing.UNTIMED)


def _rising(numbers: Sequence[int]) -> Iterator[int]:
    """The places of the longest row of numbers that never falls, from its end."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        place = bisect_right(tops, number)
        tops[place : place + 1] = [number]
        ends[place : place + 1] = [index]
        before.append(ends[place - 1] if place else -1)
    index = ends[-1] if ends else -1
    while index >= 0:
        yield index
        index = before[index]


def around_words(segment: Segment) -> Segment:
    """Let a timed segment last from its first word to its last."""
    starts = [word.start_ms for word in segment.words if word.start_ms is not None]
    if not starts or segment.start_ms is None:
        return segment
    ends = [word.end_ms for word in segment.words if word.end_ms is not None]
    end_ms = None if segment.end_ms is None else max([segment.end_ms, *ends])
    return replace(segment, start_ms=min(segment.start_ms, *starts), end_ms=end_ms)
