"""A second hearing merged with what people wrote: their words stay, all others are replaced.

Only segments that a person edited are merged, word by word and in three ways: what a recogniser first made of them,
what the person made of that, and the new words of their time. If the person changed nothing, the new words come
in; if they did, theirs stay; if both differ, that is a conflict, for a person to decide. Everywhere else the new
segments are left as they are, cut where they reach into an edited one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from transcripts.document.merging.three_way import Conflict, three_way_merge
from transcripts.document.segmentation.pieces import Piece, pieces, text_of
from transcripts.document.values import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# A new word so shortly before or after an edited segment belongs to it, unless another segment is nearer.
REACH_MS = 300


@dataclass(frozen=True, slots=True)
class Base:
    """A segment as it is. `machine` is what a recogniser made of it if a person edited that, else None.

    The speaker of `present` is who people take it to be, by any name that is the same for the same voice.
    """

    present: Segment
    machine: Segment | None = None


@dataclass(frozen=True, slots=True)
class Mixed:
    """A segment of the result. `base` is the number of the edited segment that it continues, None for a new one.

    `fresh` is the re-transcription of an edited one. The speaker of a new one is the re-transcription's label.
    """

    segment: Segment
    base: int | None = None
    fresh: Segment = field(default_factory=lambda: Segment(""))
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The result in the order of time. `voices` tells which of the old speakers a new label is."""

    segments: tuple[Mixed, ...]
    voices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The time in which words belong to a segment."""

    base: int
    from_ms: int
    until_ms: int
    is_edited: bool = True


def merge(base: Sequence[Base], fresh: Sequence[Segment]) -> Merged:
    """Merge a re-transcription into a transcript that people edited. Segments without times stay in place."""
    present, placed = _placed([one.present for one in base]), _placed(fresh)
    stretches, times = _stretches(base, present), _Times(base, present)
    heard: dict[int, list[Piece]] = {stretch.base: [] for stretch in stretches}
    found: list[tuple[int, Mixed]] = []
    for segment, place in zip(fresh, placed, strict=True):
        for number, words, part in _runs(segment, stretches, times.home_of(place)):
            if number is None:
                found.append((part.start_ms if part.start_ms is not None else place.start_ms or 0, Mixed(part)))
            else:
                heard[number] += words
    for number, words in heard.items():
        mixed = _mixed(number, base[number], present[number], words)
        found.append((mixed.segment.start_ms or 0, mixed))
    if heard:
        found.sort(key=lambda one: one[0])
    return Merged(tuple(mixed for _, mixed in found), _voices(times, present, placed))


def _placed(segments: Iterable[Segment]) -> list[Segment]:
    """Give each segment without times the moment at which the one before it ends."""
    placed: list[Segment] = []
    reached = 0
    for segment in segments:
        start_ms = reached if segment.start_ms is None else segment.start_ms
        end_ms = start_ms if segment.end_ms is None else max(start_ms, segment.end_ms)
        placed.append(replace(segment, start_ms=start_ms, end_ms=end_ms))
        reached = max(reached, end_ms)
    return placed


def _span(segment: Segment) -> tuple[int, int]:
    return segment.start_ms or 0, segment.end_ms or 0


# Whose words are whose


class _Times:
    """When the old segments are spoken."""

    def __init__(self, base: Sequence[Base], present: Sequence[Segment]) -> None:
        self._base, self._present = base, present
        self._spans = sorted((*_span(segment), number) for number, segment in enumerate(present))
        self._starts = [start_ms for start_ms, _, _ in self._spans]
        self._longest = max((end_ms - start_ms for start_ms, end_ms, _ in self._spans), default=0)

    def together(self, segment: Segment) -> Iterator[tuple[int, int]]:
        """Which of them are spoken at the same time as a segment, and for how many ms."""
        start_ms, end_ms = _span(segment)
        first, last = bisect_left(self._starts, start_ms - self._longest), bisect_right(self._starts, end_ms)
        for other_start, other_end, number in self._spans[first:last]:
            both_ms = min(end_ms, other_end) - max(start_ms, other_start)
            if both_ms > 0:
                yield number, both_ms

    def home_of(self, segment: Segment) -> _Stretch | None:
        """The one that is spoken longest together with a segment."""
        number, _ = max(self.together(segment), key=lambda pair: pair[1], default=(-1, 0))
        if number < 0:
            return None
        return _Stretch(number, *_span(self._present[number]), is_edited=self._base[number].machine is not None)


def _stretches(base: Sequence[Base], present: Sequence[Segment]) -> list[_Stretch]:
    """The stretches of the edited segments in the order of time; none reaches into another segment."""
    order = sorted(range(len(present)), key=lambda number: _span(present[number]))
    found: list[_Stretch] = []
    for place, number in enumerate(order):
        if base[number].machine is None:
            continue
        start_ms, end_ms = _span(present[number])
        before = _span(present[order[place - 1]])[1] if place else start_ms - 2 * REACH_MS
        after = _span(present[order[place + 1]])[0] if place + 1 < len(order) else end_ms + 2 * REACH_MS
        from_ms = max(start_ms - REACH_MS, (before + start_ms) // 2) if before <= start_ms else start_ms
        until_ms = min(end_ms + REACH_MS, (end_ms + after) // 2) if after >= end_ms else end_ms
        if found:
            from_ms = max(from_ms, found[-1].until_ms)
        found.append(_Stretch(number, from_ms, max(from_ms, until_ms)))
    return found


def _runs(
    segment: Segment, stretches: Sequence[_Stretch], home: _Stretch | None
) -> Iterator[tuple[int | None, list[Piece], Segment]]:
    """Cut a new segment where it reaches into edited ones; leave one that does not as it is.

    Yields the number of the edited segment or None, the words that belong together, and the segment they make.
    """
    words = pieces(segment) if stretches and segment.start_ms is not None else []
    starts = [stretch.from_ms for stretch in stretches]
    found = [
        (number, list(run)) for number, run in groupby(words, key=lambda word: _owner(word, stretches, starts, home))
    ]
    if all(number is None for number, _ in found):
        yield None, words, segment
        return
    for number, run in found:
        yield number, run, _part(segment, run, is_first=run[0] is words[0], is_last=run[-1] is words[-1])


def _owner(word: Piece, stretches: Sequence[_Stretch], starts: Sequence[int], home: _Stretch | None) -> int | None:
    place = bisect_right(starts, word.middle_ms) - 1
    if place < 0 or word.middle_ms >= stretches[place].until_ms:
        return None
    # If two speak at the same time, words go to the segment that they fit better.
    if home is not None and home.from_ms <= word.middle_ms < home.until_ms:
        return home.base if home.is_edited else None
    return stretches[place].base


def _part(segment: Segment, run: Sequence[Piece], *, is_first: bool, is_last: bool) -> Segment:
    start_ms = segment.start_ms if is_first else run[0].word.start_ms
    end_ms = segment.end_ms if is_last else run[-1].word.end_ms
    words = tuple(piece.word for piece in run)
    return replace(segment, text=text_of(run), start_ms=start_ms, end_ms=end_ms, words=words)


# The edited segments


def _mixed(number: int, base: Base, present: Segment, heard: Sequence[Piece]) -> Mixed:
    """One edited segment with the new words of its time."""
    assert base.machine is not None
    start_ms, end_ms = _span(present)
    machine = replace(base.machine, start_ms=start_ms, end_ms=end_ms)
    words, conflicts = three_way_merge(pieces(machine), pieces(present), heard, span=(start_ms, end_ms))
    segment = replace(
        present,
        text=text_of(words),
        start_ms=min([start_ms, *(piece.word.start_ms or 0 for piece in words[:1])]),
        end_ms=max([end_ms, *(piece.word.end_ms or 0 for piece in words[-1:])]),
        words=tuple(piece.word for piece in words),
    )
    hearing = Segment(text_of(heard), start_ms, end_ms, words=tuple(piece.word for piece in heard))
    return Mixed(segment, number, hearing, tuple(conflicts))


# Voices


def _voices(times: _Times, present: Sequence[Segment], fresh: Sequence[Segment]) -> dict[str, str]:
    """Tell which old speaker a new label is: of all pairs those first that speak longest at the same time."""
    together: Counter[tuple[str, str]] = Counter()
    for segment in fresh:
        for number, both_ms in times.together(segment):
            speaker = present[number].speaker
            if segment.speaker is not None and speaker is not None:
                together[segment.speaker, speaker] += both_ms
    voices: dict[str, str] = {}
    for (label, speaker), _ in together.most_common():
        if label not in voices and speaker not in voices.values():
            voices[label] = speaker
    return voices
