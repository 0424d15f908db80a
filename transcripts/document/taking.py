"""The other answer to a conflict: what was heard in place of what a person wrote there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document.pieces import Piece, pieces, space_between, text_of
from transcripts.document.values import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.threeway import Conflict


def taken(present: Segment, heard: Segment, conflict: Conflict) -> Segment | None:
    """Return the segment with the offered words in place of the kept ones, and nothing else changed.

    None where the kept words are not there any more.
    """
    words = pieces(present)
    space = space_between(present.text, heard.text)
    place = _place(words, conflict.kept, conflict, space)
    if place is None:
        return None
    offered = _offered(heard, conflict, space)
    if offered and place[1] < len(words) and offered[-1].space is None:
        offered[-1] = replace(offered[-1], space=space)
    result = [*words[: place[0]], *offered, *words[place[1] :]]
    return replace(present, text=text_of(result, space=space), words=tuple(piece.word for piece in result))


def _offered(heard: Segment, conflict: Conflict, space: str) -> list[Piece]:
    """The words as they were heard, with their times; where they cannot be found they share the time of the place."""
    words = pieces(heard)
    place = _place(words, conflict.offered, conflict, space) if conflict.offered else (0, 0)
    if place is None:
        return pieces(Segment(conflict.offered, conflict.start_ms, conflict.end_ms))
    return words[place[0] : place[1]]


def _place(words: Sequence[Piece], text: str, conflict: Conflict, space: str) -> tuple[int, int] | None:
    """From which word to before which the text stands within the time of the conflict."""
    if not text:
        middle_ms = (conflict.start_ms + conflict.end_ms) // 2
        before = sum(piece.middle_ms < middle_ms for piece in words)
        return before, before
    within = [index for index, piece in enumerate(words) if _is_within(piece, conflict)]
    for first in within:
        for last in within:
            if first <= last and text_of(words[first : last + 1], space=space) == text:
                return first, last + 1
    return None


def _is_within(piece: Piece, conflict: Conflict) -> bool:
    return conflict.start_ms <= (piece.word.start_ms or 0) and (piece.word.end_ms or 0) <= conflict.end_ms
