"""The written text cut at its spoken words, so that punctuation goes with the word it follows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transcripts.document.values import Segment


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written, with the punctuation and space that follow it, and when it is spoken."""

    text: str
    start_ms: int
    end_ms: int


def tokens(segment: Segment) -> list[Token]:
    """Cut the segment's text into its timed words; words without times are part of the one before.

    Scripts that put no spaces between words are cut just as well. Where the text does not hold the words in their
    order, because a person rewrote it, the whole text is one token.
    """
    if segment.start_ms is None or segment.end_ms is None:
        return []
    cuts = _cuts(segment)
    if not cuts:
        return [Token(segment.text, segment.start_ms, segment.end_ms)]
    places = [0, *(place for place, _, _ in cuts[1:]), len(segment.text)]
    pieces = (segment.text[begin:end] for begin, end in itertools.pairwise(places))
    return [Token(piece, start, end) for piece, (_, start, end) in zip(pieces, cuts, strict=True)]


def _cuts(segment: Segment) -> list[tuple[int, int, int]]:
    """Where each timed word begins in the text, and its times; empty where one cannot be found."""
    found: list[tuple[int, int, int]] = []
    place = 0
    for word in segment.words:
        place = segment.text.find(word.text, place)
        if place < 0:
            return []
        if word.start_ms is not None and word.end_ms is not None:
            found.append((place, word.start_ms, word.end_ms))
        place += len(word.text)
    return found
