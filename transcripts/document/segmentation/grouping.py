"""Words made into segments."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from transcripts.document.segmentation.order import ended, in_order, steady
from transcripts.document.segmentation.pieces import text_of
from transcripts.document.timing import LETTER_MS
from transcripts.document.values import Segment, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.segmentation.full_text import Part

MAX_GAP_MS = 1_000
MAX_SEGMENT_MS = 15_000


@dataclass(slots=True)
class _Group:
    """The words of a segment so far. `until_ms` is its end if that is later than that of its last word.

    `first` and `last` are its timed words at either end, `untimed` counts the words behind the last.
    """

    voice: str | None
    parts: list[Part] = field(default_factory=list)
    until_ms: int | None = None
    first: Word | None = None
    last: Word | None = None
    untimed: int = 0

    def add(self, part: Part) -> None:
        self.parts.append(part)
        if part.piece.word.start_ms is None:
            self.untimed += 1
        else:
            self.first, self.last, self.untimed = self.first or part.piece.word, part.piece.word, 0


def of_parts(parts: Sequence[Part], voices: Sequence[str | None]) -> tuple[Segment, ...]:
    """Make segments of words in order: a new one after a pause of 1 s, another speaker, or 15 s.

    `voices` holds the speaker of each listed word. The segments are in the order of time.
    """
    groups: list[_Group] = []
    for part, voice in zip(_with_ends(parts), _voices_of(parts, voices), strict=True):
        if not groups or voice != groups[-1].voice:
            groups.append(_Group(voice))
        elif _is_apart(groups[-1], part.piece.word):
            groups += _parted(groups[-1], part.piece.word)
        groups[-1].add(part)
    return tuple(in_order([_segment(group) for group in groups if group.parts], lambda segment: segment.start_ms))


def _with_ends(parts: Sequence[Part]) -> Iterator[Part]:
    words = ended([part.piece.word for part in parts])
    for part, word in zip(parts, words, strict=True):
        yield replace(part, piece=replace(part.piece, word=word))


def _voices_of(parts: Sequence[Part], voices: Sequence[str | None]) -> list[str | None]:
    """Who says each word; one that only the full text holds is said by who spoke before, at the start by the next."""
    voice = next((voices[part.number] for part in parts if part.number is not None), None)
    found: list[str | None] = []
    for part in parts:
        voice = voice if part.number is None else voices[part.number]
        found.append(voice)
    return found


def _is_apart(group: _Group, word: Word) -> bool:
    if word.start_ms is None or group.first is None or group.last is None:
        return False
    end = word.start_ms if word.end_ms is None else word.end_ms
    return (
        word.start_ms - _reached(group.last) > MAX_GAP_MS
        or end - (group.first.start_ms or 0) > MAX_SEGMENT_MS
        or word.start_ms < (group.last.start_ms or 0) - MAX_GAP_MS
    )


def _reached(word: Word) -> int:
    return max(word.end_ms or 0, word.start_ms or 0)


def _parted(group: _Group, word: Word) -> list[_Group]:
    """End a group before a word; its untimed words behind the last timed one fill the pause, if they can."""
    last = len(group.parts) - group.untimed
    rest = group.parts[last:]
    gap_ms = (word.start_ms or 0) - (_reached(group.last) if group.last else 0)
    if not rest or gap_ms <= MAX_GAP_MS:
        group.until_ms = word.start_ms if rest and gap_ms > 0 else None
        return [_Group(group.voice)]
    if gap_ms - LETTER_MS * sum(len(part.piece.written) for part in rest) <= MAX_GAP_MS:
        return []  # there is no pause
    del group.parts[last:]
    return [_Group(group.voice, rest), _Group(group.voice)]


def _segment(group: _Group) -> Segment:
    words = steady([part.piece.word for part in group.parts])
    timed = [word for word in words if word.start_ms is not None]
    text = text_of([part.piece for part in group.parts])
    if not timed:
        return Segment(text, None, None, group.voice, tuple(words))
    ends = [word.end_ms for word in timed]
    end_ms = None if ends[-1] is None else max([*(end for end in ends if end is not None), group.until_ms or 0])
    return Segment(text, timed[0].start_ms, end_ms, group.voice, tuple(words))
