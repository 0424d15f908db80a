"""Times for what came without: one rule for segments and words.

A missing end is the next start, or the recording's. What has no time at all shares the gap between its neighbours by
its length. Nothing is outside of the recording, and no start is before the one that precedes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.segmentation.order import around_words, in_order
from transcripts.document.untimed import pauses
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.untimed.pauses import Stretch

# A time this little past the end is one of rounding, or of what an encoder adds.
TOLERANCE_MS = 1_000
# How long a letter takes to say, if nothing else tells.
LETTER_MS = 60


@dataclass(frozen=True, slots=True)
class Timed:
    """Segments with all the times that can be known. `clamped` counts what was said to be past the recording's end."""

    segments: list[Segment]
    clamped: int = 0


def lacks_times(segments: Sequence[Segment]) -> bool:
    """Tell whether any word came without times."""
    return any(not segment.words or not _have_times((segment, *segment.words)) for segment in segments)


def timed(segments: Sequence[Segment], duration_ms: int | None, spoken: Sequence[Stretch] = ()) -> Timed:
    """Give times to all segments and words: within `spoken`, if it is known when someone speaks."""
    clamped = 0
    if duration_ms is not None:
        latest_ms = duration_ms + TOLERANCE_MS
        clamped = sum(_beyond(segment.words or (segment,), latest_ms) for segment in segments)
        segments = [_within(segment, duration_ms) for segment in segments]
    segments = in_order([around_words(segment) for segment in segments], lambda segment: segment.start_ms)
    found = placed(_closed(segments, duration_ms), duration_ms, spoken)
    return Timed([estimated(segment, spoken) for segment in found], clamped)


def placed(segments: Sequence[Segment], duration_ms: int | None, spoken: Sequence[Stretch] = ()) -> list[Segment]:
    """Let segments without times share the gap between their neighbours, in the order they are in.

    Behind the last one they last until the end of the recording; if that is not known, as long as they take to say.
    """
    found = list(segments)
    for first, last in _untimed_runs(found):
        start_ms, end_ms = _gap(found, first, last, duration_ms)
        if inside := pauses.clipped(spoken, start_ms, end_ms):
            found[first:last] = _said(found[first:last], inside)
            continue
        run = shared([Word(segment.text) for segment in found[first:last]], start_ms, end_ms)
        found[first:last] = [
            replace(segment, start_ms=word.start_ms, end_ms=word.end_ms)
            for segment, word in zip(found[first:last], run, strict=True)
        ]
    return found


def _said(segments: Sequence[Segment], inside: Sequence[Stretch]) -> list[Segment]:
    """Let the words of segments without times stand where someone speaks."""
    listed = [segment.words or tuple(Word(text) for text in scripts.words_in(segment.text)) for segment in segments]
    laid = iter(pauses.laid([word for words in listed for word in words], inside))
    return [_around(segment, [next(laid) for _ in words]) for segment, words in zip(segments, listed, strict=True)]


def _around(segment: Segment, words: Sequence[Word]) -> Segment:
    if not words:
        return segment
    return replace(segment, start_ms=words[0].start_ms, end_ms=words[-1].end_ms, words=tuple(words))


def estimated(segment: Segment, spoken: Sequence[Stretch] = ()) -> Segment:
    """Give every word of a timed segment times: those without share the gap between their neighbours.

    A segment without times keeps its words as they are.
    """
    if segment.start_ms is None or segment.end_ms is None:
        return segment
    if segment.words and _have_times(segment.words):
        return segment
    words = list(segment.words or [Word(text) for text in scripts.words_in(segment.text)])
    for first, last in _untimed_runs(words):
        before = words[first - 1] if first else Word("", segment.start_ms, segment.start_ms)
        after = words[last] if last < len(words) else Word("", segment.end_ms, segment.end_ms)
        words[first:last] = _laid(words[first:last], *_between(before, after), spoken)
    return replace(segment, words=tuple(words))


def _laid(words: Sequence[Word], start_ms: int, end_ms: int, spoken: Sequence[Stretch]) -> list[Word]:
    inside = pauses.clipped(spoken, start_ms, end_ms)
    return pauses.laid(words, inside) if inside else shared(words, start_ms, end_ms)


def shared(words: Sequence[Word], start_ms: int, end_ms: int) -> list[Word]:
    """Lay the words between two moments, each as long as its letters are many."""
    whole = sum(len(word.text) for word in words) or 1
    timed: list[Word] = []
    letters, begin, length = 0, start_ms, end_ms - start_ms
    for word in words:
        letters += len(word.text)
        end = start_ms + length * letters // whole
        timed.append(Word(word.text, begin, end, word.confidence, Timing.ESTIMATED))
        begin = end
    return timed


def _have_times(items: Sequence[Segment | Word]) -> bool:
    # A loop, as `all` takes four times as long for the words of a long recording
    for item in items:  # noqa: SIM110
        if item.start_ms is None or item.end_ms is None:
            return False
    return True


def _beyond(items: Sequence[Segment | Word], ms: int) -> int:
    """Count what is said to begin or end after this moment."""
    return sum([(item.end_ms or 0) > ms or (item.start_ms or 0) > ms for item in items])


def _within(segment: Segment, duration_ms: int) -> Segment:
    if not _beyond((segment, *segment.words), duration_ms):
        return segment
    words = tuple(
        replace(word, start_ms=_at_most(word.start_ms, duration_ms), end_ms=_at_most(word.end_ms, duration_ms))
        for word in segment.words
    )
    start_ms, end_ms = _at_most(segment.start_ms, duration_ms), _at_most(segment.end_ms, duration_ms)
    return replace(segment, start_ms=start_ms, end_ms=end_ms, words=words)


def _at_most(ms: int | None, most_ms: int) -> int | None:
    return None if ms is None else min(ms, most_ms)


def _closed(segments: Sequence[Segment], duration_ms: int | None) -> list[Segment]:
    """Give ends to what has none: segments by the next one, words by the next one or their segment."""
    found: list[Segment] = []
    following = duration_ms
    for segment in reversed(segments):
        closed = _ended(segment, following) if segment.start_ms is not None else segment
        following = closed.start_ms if closed.start_ms is not None else following
        found.append(closed)
    return found[::-1]


def _ended(segment: Segment, following: int | None) -> Segment:
    start_ms = segment.start_ms or 0
    if (segment.end_ms or 0) >= start_ms and _have_times((segment, *segment.words)):
        return segment
    ends = [word.end_ms for word in segment.words if word.end_ms is not None]
    end_ms = segment.end_ms
    if end_ms is None:
        end_ms = max([start_ms, *ends, _otherwise(segment, following)])
    words: list[Word] = []
    after = end_ms
    for word in reversed(segment.words):
        if word.start_ms is not None and word.end_ms is None:
            word = replace(word, end_ms=max(word.start_ms, after))
        after = word.start_ms if word.start_ms is not None else after
        words.append(word)
    return replace(segment, end_ms=max(start_ms, end_ms), words=tuple(words[::-1]))


def _otherwise(segment: Segment, following: int | None) -> int:
    return (segment.start_ms or 0) + len(segment.text) * LETTER_MS if following is None else following


def _untimed_runs(items: Sequence[Word | Segment]) -> list[tuple[int, int]]:
    """The stretches [first, last) of what has no times."""
    runs: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if item.start_ms is not None and item.end_ms is not None:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _gap(segments: Sequence[Segment], first: int, last: int, duration_ms: int | None) -> tuple[int, int]:
    """When the segments between `first` and `last` may be spoken."""
    before = segments[first - 1] if first else Segment("", 0, 0)
    if last < len(segments):
        return _between(before, segments[last])
    reached = max((segment.end_ms or 0 for segment in segments[:first]), default=0)
    if duration_ms is None:
        return reached, reached + LETTER_MS * sum(len(segment.text) for segment in segments[first:last])
    return _between(Segment("", before.start_ms, reached), Segment("", duration_ms, duration_ms))


def _between(before: Word | Segment, after: Word | Segment) -> tuple[int, int]:
    """From one's end to the other's start; if they overlap there is no gap but the latter's start."""
    start_ms, end_ms = before.end_ms or 0, after.start_ms or 0
    moment = max(end_ms, before.start_ms or 0)
    return (start_ms, end_ms) if start_ms <= end_ms else (moment, moment)
