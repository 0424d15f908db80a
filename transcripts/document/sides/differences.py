"""Where another text of a recording has other words than a transcript, each place within one segment of that."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts
from transcripts.document.sides.words import stretches, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.diff import Change
    from transcripts.document.sides.words import Said
    from transcripts.document.values import Segment


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a segment, from `begin` to `end` in its text, that the other text has otherwise.

    `was` is what the segment says there, `offered` what the other text says: its words `first` to `last`. Either may be
    empty. `words` is how many words differ, of the one that has more.
    """

    segment: int
    begin: int
    end: int
    was: str
    offered: str
    first: int
    last: int
    words: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Sides:
    """The words of both texts and where they differ, in the order of the first text."""

    mine: Sequence[Said]
    theirs: Sequence[Said]
    differences: Sequence[Difference]

    @property
    def words(self) -> int:
        """How many words differ."""
        return sum(one.words for one in self.differences)


@dataclass(frozen=True, slots=True)
class _Span:
    """Words `first` to `last` of the transcript, all of `segment`, and `begin` to `end` of the other text."""

    segment: int
    first: int
    last: int
    begin: int
    end: int
    is_behind: bool = False


def between(mine: Sequence[Segment], theirs: Sequence[Segment]) -> Sides:
    """Compare a transcript's segments with another text's, word by word; without words there is nothing to compare."""
    ours, others = words_of(mine), words_of(theirs)
    spans = (span for change in _changes(ours, others) for span in _by_segment(change, ours, others))
    return Sides(ours, others, [_difference(span, mine, ours, others) for span in spans] if ours else [])


def put(text: str, difference: Difference) -> str:
    """Return the text of a segment with the other words in their place."""
    left, right, offered = text[: difference.begin], text[difference.end :], difference.offered
    if not offered:
        left, right = left.rstrip(), right.lstrip()
        return f"{left}{scripts.space_between(left, right)}{right}"
    before = "" if left[-1:].isspace() else scripts.space_between(left, offered)
    after = "" if right[:1].isspace() else scripts.space_between(offered, right)
    return f"{left}{before}{offered}{after}{right}"


def _changes(ours: Sequence[Said], others: Sequence[Said]) -> Iterator[Change]:
    """Yield what isn't equal. What was said in the same time is compared, so each stretch has a budget of its own."""
    for first, last, begin, end in stretches(ours, others):
        found = diff.changes([word.key for word in ours[first:last]], [word.key for word in others[begin:end]])
        for one in found:
            if one.tag != "equal":
                yield diff.Change(one.tag, first + one.first, first + one.last, begin + one.begin, begin + one.end)


def _by_segment(change: Change, ours: Sequence[Said], others: Sequence[Said]) -> Iterator[_Span]:
    """Yield the parts of a change that are in one segment each; the other words go where they were said."""
    if not ours:
        return
    if change.first == change.last:
        yield from _inserted(change, ours, others)
        return
    begin = change.begin
    runs = itertools.groupby(range(change.first, change.last), key=lambda at: ours[at].segment)
    for segment, run in runs:
        places = list(run)
        last = places[-1] + 1
        until_ms = ours[last].start_ms if last < change.last else None
        end = change.end if until_ms is None else _said_before(others, begin, change.end, until_ms)
        yield _Span(segment, places[0], last, begin, end)
        begin = end


def _inserted(change: Change, ours: Sequence[Said], others: Sequence[Said]) -> Iterator[_Span]:
    """Yield words that the transcript hasn't: behind the word before them, or before the next if that is nearer."""
    at = change.first
    before = ours[at - 1] if at else None
    after = ours[at] if at < len(ours) else None
    end = change.end
    if before is None:
        end = change.begin
    elif after is not None and after.segment != before.segment:
        end = _said_before(others, change.begin, change.end, (before.end_ms + after.start_ms) // 2)
    if before is not None and end > change.begin:
        yield _Span(before.segment, at, at, change.begin, end, is_behind=True)
    if after is not None and end < change.end:
        yield _Span(after.segment, at, at, end, change.end)


def _said_before(others: Sequence[Said], begin: int, end: int, ms: int) -> int:
    """Return the first of these words that is said after a moment."""
    return next((at for at in range(begin, end) if others[at].middle_ms >= ms), end)


def _difference(span: _Span, mine: Sequence[Segment], ours: Sequence[Said], others: Sequence[Said]) -> Difference:
    begin, end = _place(span, ours)
    said = [*ours[span.first : span.last], *others[span.begin : span.end]]
    return Difference(
        segment=span.segment,
        begin=begin,
        end=end,
        was=mine[span.segment].text[begin:end],
        offered=_written(others[span.begin : span.end]),
        first=span.begin,
        last=span.end,
        words=max(span.last - span.first, span.end - span.begin),
        start_ms=min(word.start_ms for word in said),
        end_ms=max(word.end_ms for word in said),
    )


def _place(span: _Span, ours: Sequence[Said]) -> tuple[int, int]:
    if span.first < span.last:
        return ours[span.first].begin, ours[span.last - 1].end
    at = ours[span.first - 1].end if span.is_behind else ours[span.first].begin
    return at, at


def _written(words: Sequence[Said]) -> str:
    """Write words as their text has them, those of several segments one after the other."""
    runs = itertools.groupby(words, key=lambda word: word.segment)
    return scripts.joined("".join(word.text for word in run).strip() for _, run in runs)
