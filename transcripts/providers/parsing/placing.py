"""Putting words that a provider lists apart into the segments that it lists beside them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document.segmentation.full_text import spelled
from transcripts.document.segmentation.grouping import MAX_GAP_MS
from transcripts.document.segmentation.pieces import text_of
from transcripts.providers.parsing.documents import group_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document import Segment, Word

Spoken = tuple["Word", "str | None"]


def place_words(segments: Sequence[Segment], words: Sequence[Spoken]) -> tuple[Segment, ...]:
    """Give each word (with its speaker) to the segment that contains its middle, or the nearest.

    `segments` must have times and be in order. A word further than a second from every segment stays a word: those
    make segments of their own, so that nothing is lost where the two lists disagree.
    """
    if not segments:
        return group_words([word for word, _ in words], speakers=[voice for _, voice in words])
    starts = [segment.start_ms or 0 for segment in segments]
    placed: list[list[Word]] = [[] for _ in segments]
    apart: list[Spoken] = []
    index, is_apart = 0, False
    for word, voice in words:
        # A word without times stays behind the one it followed.
        if word.start_ms is not None:
            index, distance_ms = _nearest(segments, starts, word, voice)
            is_apart = distance_ms > MAX_GAP_MS
        if is_apart:
            apart.append((word, voice))
        else:
            placed[index].append(word)
    filled = [_filled(segment, own) for segment, own in zip(segments, placed, strict=True)]
    strays = group_words([word for word, _ in apart], speakers=[voice for _, voice in apart])
    return tuple(sorted([*filled, *strays], key=lambda segment: segment.start_ms or 0))


def _nearest(segments: Sequence[Segment], starts: list[int], word: Word, voice: str | None) -> tuple[int, int]:
    """The index of the segment for a word and how far from it the word's middle is, in ms."""
    middle = ((word.start_ms or 0) + (word.end_ms or 0)) // 2
    last = bisect_right(starts, middle)
    near = range(max(0, last - 2), min(len(segments), last + 1))
    # Where voices overlap, the word's own speaker decides.
    keyed = [(_distance(segments[index], middle), segments[index].speaker != voice, index) for index in near]
    distance_ms, _, index = min(keyed)
    return index, distance_ms


def _distance(segment: Segment, middle: int) -> int:
    start_ms, end_ms = segment.start_ms or 0, segment.end_ms or 0
    return max(start_ms - middle, middle - end_ms, 0)


def _filled(segment: Segment, words: list[Word]) -> Segment:
    """The segment with its words; what its text does not hold of them is added to it."""
    if not words:
        return segment
    pieces = [part.piece for part in spelled(segment.text, words)]
    return replace(segment, text=text_of(pieces), words=tuple(piece.word for piece in pieces))
