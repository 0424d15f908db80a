"""Words and times of segments that are split, joined and moved in time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document import alignment, scripts
from transcripts.document.retiming import retimed
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def saying(segment: Segment, text: str) -> Segment:
    """Return the segment with another text; words that stay keep their times."""
    return segment if segment.text == text else retimed(segment, text)


def split(segment: Segment, at: int) -> tuple[Segment, Segment]:
    """Split a segment before a code point of its text. A word that is cut is on both sides, and so are its times."""
    left, right = segment.text[:at].rstrip(), segment.text[at:].lstrip()
    before, after = _divided(segment, at)
    ends = [word.end_ms for word in before if word.end_ms is not None]
    starts = [word.start_ms for word in after if word.start_ms is not None]
    start_ms, end_ms = segment.start_ms, segment.end_ms
    left_end = min(max([start_ms or 0, *ends]), end_ms) if end_ms is not None else end_ms
    right_start = min(starts, default=left_end) if end_ms is not None else end_ms
    return (
        saying_words(replace(segment, end_ms=left_end), left, before),
        saying_words(replace(segment, start_ms=right_start), right, after),
    )


def saying_words(segment: Segment, text: str, words: Sequence[Word]) -> Segment:
    """Return the segment with a text and the words that are known of it."""
    return replace(segment, text=text, words=tuple(words))


def _divided(segment: Segment, at: int) -> tuple[list[Word], list[Word]]:
    before: list[Word] = []
    after: list[Word] = []
    for word, span in zip(segment.words, _spans(segment), strict=True):
        if span is None:
            (after or before).append(word)
        elif span[1] <= at:
            before.append(word)
        elif span[0] >= at:
            after.append(word)
        else:
            first, second = _cut(word, at - span[0])
            before.append(first)
            after.append(second)
    return before, after


def _spans(segment: Segment) -> list[alignment.Span | None]:
    return alignment.spans(segment.text, [word.text for word in segment.words])


def _cut(word: Word, at: int) -> tuple[Word, Word]:
    """Cut a word before a letter; its time is shared by the letters."""
    timing = Timing.UNTIMED if word.start_ms is None else Timing.RETAINED
    first, second = replace(word, text=word.text[:at], timing=timing), replace(word, text=word.text[at:], timing=timing)
    if word.start_ms is None or word.end_ms is None:
        return first, second
    middle = word.start_ms + (word.end_ms - word.start_ms) * at // len(word.text)
    return replace(first, end_ms=middle), replace(second, start_ms=middle)


def joined(first: Segment, second: Segment) -> Segment:
    """Join a segment to the one before it, whose speaker and language it takes."""
    words = (*first.words, *second.words)
    starts = [ms for ms in (first.start_ms, second.start_ms) if ms is not None]
    ends = [ms for ms in (first.end_ms, second.end_ms) if ms is not None]
    text = _joined_text(first.text, second.text)
    return replace(first, text=text, words=words, start_ms=min(starts, default=None), end_ms=max(ends, default=None))


def _joined_text(first: str, second: str) -> str:
    if not first or not second or first[-1].isspace() or second[0].isspace():
        return first + second
    # What closes a word follows it without a space only if it was written so: a join never glues two texts
    space = scripts.space_between(first, second) or (" " if scripts.closes(second[:1]) else "")
    return f"{first}{space}{second}"


def timed(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    """Return the segment from one moment to another; its words are within."""
    end_ms = max(start_ms, end_ms)
    words = tuple(_within(word, start_ms, end_ms) for word in segment.words)
    return replace(segment, start_ms=start_ms, end_ms=end_ms, words=words)


def _within(word: Word, start_ms: int, end_ms: int) -> Word:
    if word.start_ms is None or word.end_ms is None:
        return word
    first, last = min(max(word.start_ms, start_ms), end_ms), min(max(word.end_ms, start_ms), end_ms)
    is_moved = (first, last) != (word.start_ms, word.end_ms)
    return replace(word, start_ms=first, end_ms=last, timing=Timing.RETAINED if is_moved else word.timing)


def accepted(segment: Segment, begin: int, end: int) -> Segment:
    """Return the segment with the words between two code points of its text certain."""
    sure = [
        replace(word, confidence=1.0) if span is not None and span[0] < end and span[1] > begin else word
        for word, span in zip(segment.words, _spans(segment), strict=True)
    ]
    return replace(segment, words=tuple(sure))


def nearest(text: str, wanted: str, at: int) -> int | None:
    """Return where words are in a text, nearest to a code point; None if they aren't there."""
    if not wanted:
        return None
    before, after = text.rfind(wanted, 0, at + len(wanted)), text.find(wanted, at)
    found = [place for place in _whole(text, wanted, (before, after)) if place >= 0]
    return min(found, key=lambda place: abs(place - at), default=None)


def _whole(text: str, wanted: str, places: tuple[int, int]) -> Iterator[int]:
    """Move two places, found backwards and forwards, on to where no word is cut."""
    before, after = places
    while before >= 0 and not _is_whole(text, before, before + len(wanted)):
        before = text.rfind(wanted, 0, before + len(wanted) - 1)
    while after >= 0 and not _is_whole(text, after, after + len(wanted)):
        after = text.find(wanted, after + 1)
    yield from (before, after)


def _is_whole(text: str, begin: int, end: int) -> bool:
    return scripts.is_boundary(text, begin) and scripts.is_boundary(text, end)
