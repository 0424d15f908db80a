"""Less than a transcript has: the words of a stretch of time, and initials in place of names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import alignment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.document.values import Segment, Word


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a segment that is in a stretch; its text begins at the code point `begin` of the segment's."""

    begin: int
    segment: Segment


def excerpt(segment: Segment, from_ms: int, until_ms: int) -> Excerpt | None:
    """Return what of a segment is said from `from_ms` until before `until_ms`, in times that count from `from_ms`.

    A segment that begins and ends in the stretch comes whole. Of another come the words that begin in the stretch, with
    those without times between them. None if nothing of it does.
    """
    if _is_within(segment, from_ms, until_ms):
        return Excerpt(0, _moved(segment, from_ms, until_ms))
    spans = alignment.spans(segment.text, [word.text for word in segment.words])
    timed = [number for number, word in enumerate(segment.words) if spans[number] and word.start_ms is not None]
    inside = [number for number in timed if from_ms <= (segment.words[number].start_ms or 0) < until_ms]
    if not inside:
        return None
    first, last = _ends(timed, inside)
    begin, end = _text_span(segment.text, spans, first, last)
    words = segment.words[first : last + 1]
    start_ms, end_ms = _times(segment, words)
    part = replace(segment, text=segment.text[begin:end], words=words, start_ms=start_ms, end_ms=end_ms)
    return Excerpt(begin, _moved(part, from_ms, until_ms))


def initials(names: Iterable[str]) -> list[str]:
    """Return the initials of each name, numbered if several have the same: "Tomas Berg" becomes "TB"."""
    counts: dict[str, int] = {}
    found = []
    for name in names:
        short = "".join(word if word.isdigit() else word[0] for word in name.split())[:8].upper() or "?"
        counts[short] = counts.get(short, 0) + 1
        found.append(short if counts[short] == 1 else f"{short} {counts[short]}")
    return found


def _is_within(segment: Segment, from_ms: int, until_ms: int) -> bool:
    start_ms, end_ms = segment.start_ms, segment.end_ms
    return start_ms is not None and end_ms is not None and from_ms <= start_ms and end_ms <= until_ms


def _ends(timed: list[int], inside: list[int]) -> tuple[int, int]:
    """Return the first and the last word that are in the stretch, in a run: times of words may be out of order."""
    first = last = timed.index(inside[0])
    while last + 1 < len(timed) and timed[last + 1] in inside:
        last += 1
    return timed[first], timed[last]


def _text_span(text: str, spans: list[alignment.Span | None], first: int, last: int) -> tuple[int, int]:
    """Return where words begin and end in the text, with the punctuation that touches the last."""
    begin, end = (spans[first] or (0, 0))[0], (spans[last] or (0, 0))[1]
    limit = next((span[0] for span in spans[last + 1 :] if span), len(text))
    while end < limit and not text[end].isspace():
        end += 1
    return begin, end


def _times(segment: Segment, words: tuple[Word, ...]) -> tuple[int | None, int | None]:
    starts = [word.start_ms for word in words if word.start_ms is not None]
    ends = [word.end_ms for word in words if word.end_ms is not None]
    return min(starts, default=segment.start_ms), max(ends, default=segment.end_ms)


def _moved(segment: Segment, from_ms: int, until_ms: int) -> Segment:
    """Return a segment whose times count from the beginning of the stretch and end with it."""

    def moved(ms: int | None) -> int | None:
        return None if ms is None else max(0, min(ms, until_ms) - from_ms)

    words = tuple(replace(word, start_ms=moved(word.start_ms), end_ms=moved(word.end_ms)) for word in segment.words)
    return replace(segment, start_ms=moved(segment.start_ms), end_ms=moved(segment.end_ms), words=words)
