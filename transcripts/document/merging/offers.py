"""The other answer to a conflict: the new words in place of what a person wrote there."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document.segmentation.pieces import Piece, laid, pieces, text_of
from transcripts.document.values import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.merging.three_way import Conflict


def taken(present: Segment, heard: Segment, conflict: Conflict) -> Segment | None:
    """Return the segment with the offered words in place of the kept ones, and nothing else changed.

    None if the kept words are not there any more.
    """
    words = pieces(present)
    place = _place(words, conflict.kept, conflict)
    if place is None:
        return None
    result = [*words[: place[0]], *_offered(heard, conflict), *words[place[1] :]]
    return replace(present, text=text_of(result), words=tuple(piece.word for piece in result))


def _offered(heard: Segment, conflict: Conflict) -> list[Piece]:
    """The new words with their times; if they cannot be found, they share the time of the place."""
    words = pieces(heard)
    place = _place(words, conflict.offered, conflict) if conflict.offered else (0, 0)
    if place is None:
        return pieces(Segment(conflict.offered, conflict.start_ms, conflict.end_ms))
    return words[place[0] : place[1]]


def _place(words: Sequence[Piece], text: str, conflict: Conflict) -> tuple[int, int] | None:
    """From which word to before which the text is, within the time of the conflict."""
    if not text:
        middle_ms = (conflict.start_ms + conflict.end_ms) // 2
        before = sum(piece.middle_ms < middle_ms for piece in words)
        return before, before
    within = [index for index, piece in enumerate(words) if _is_within(piece, conflict)]
    return _found(words, within[0], within[-1] + 1, text) if within else None


def _found(words: Sequence[Piece], first: int, last: int, text: str) -> tuple[int, int] | None:
    """From which of these words to before which the text is."""
    parts = list(laid(words[first:last]))
    places = list(itertools.accumulate(map(len, parts), initial=0))
    whole = "".join(parts)
    ends = {place: index for index, place in enumerate(places[1::2], start=first + 1)}
    for index, place in enumerate(places[:-1:2], start=first):
        if whole.startswith(text, place) and place + len(text) in ends:
            return index, ends[place + len(text)]
    return None


def _is_within(piece: Piece, conflict: Conflict) -> bool:
    return conflict.start_ms <= (piece.word.start_ms or 0) and (piece.word.end_ms or 0) <= conflict.end_ms
