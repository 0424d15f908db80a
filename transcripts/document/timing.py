"""Times for words that came without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Sequence


def timed(segments: Sequence[Segment], duration_ms: int | None) -> list[Segment]:
    """Give times to all words that can have some.

    A provider that sends nothing but text makes one segment without times: it spans the whole recording.
    """
    if len(segments) == 1 and segments[0].start_ms is None and duration_ms is not None:
        segments = [replace(segments[0], start_ms=0, end_ms=duration_ms)]
    return [estimated(segment) for segment in segments]


def estimated(segment: Segment) -> Segment:
    """Give every word of a timed segment times: those without share the gap they stand in by their length.

    A segment without times keeps its words as they are.
    """
    if segment.start_ms is None or segment.end_ms is None:
        return segment
    words = list(segment.words or [Word(text) for text in scripts.words_in(segment.text)])
    for first, last in _untimed_runs(words):
        start = _end_before(words, first, segment.start_ms)
        end = max(start, _start_after(words, last, segment.end_ms))
        words[first:last] = _shared(words[first:last], start, end)
    return replace(segment, words=tuple(words))


def _untimed_runs(words: Sequence[Word]) -> list[tuple[int, int]]:
    """The stretches [first, last) of words that have no times."""
    runs: list[tuple[int, int]] = []
    for index, word in enumerate(words):
        if word.start_ms is not None and word.end_ms is not None:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _end_before(words: Sequence[Word], index: int, otherwise: int) -> int:
    end = words[index - 1].end_ms if index else otherwise
    return otherwise if end is None else end


def _start_after(words: Sequence[Word], index: int, otherwise: int) -> int:
    start = words[index].start_ms if index < len(words) else otherwise
    return otherwise if start is None else start


def _shared(words: Sequence[Word], start_ms: int, end_ms: int) -> list[Word]:
    """Lay the words between two moments, each as long as its letters are many."""
    whole = sum(len(word.text) for word in words) or 1
    timed: list[Word] = []
    letters = 0
    for word in words:
        begin = start_ms + (end_ms - start_ms) * letters // whole
        letters += len(word.text)
        end = start_ms + (end_ms - start_ms) * letters // whole
        timed.append(replace(word, start_ms=begin, end_ms=end, timing=Timing.ESTIMATED))
    return timed
