"""A text cut into its words as written, so that texts can be compared word by word and put together again."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Word

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """A word: as written with its punctuation, the space after it, and as spoken.

    `space` is None at the end of a text, where nobody knows what would follow.
    """

    written: str
    space: str | None
    word: Word

    @property
    def key(self) -> str:
        """What the word is compared by: its letters and digits, whatever their case."""
        return "".join(character for character in self.written.casefold() if character.isalnum())

    @property
    def middle_ms(self) -> int:
        """The middle of its time; the word must have one."""
        return ((self.word.start_ms or 0) + (self.word.end_ms or 0)) // 2


def pieces(segment: Segment) -> list[Piece]:
    """Cut a segment's text at its words. Words without times are given some where the segment has its own.

    Where the text does not hold the words in their order it is cut at its spaces.
    """
    cuts = _cuts(segment)
    if cuts is None:
        segment = replace(segment, words=tuple(Word(text) for text in segment.text.split()))
        cuts = _cuts(segment) or []
    words = estimated(segment).words if segment.words else ()
    ends = [*cuts[1:], len(segment.text)]
    # What stands before the first word belongs to it.
    begins = [0, *cuts[1:]] if cuts else []
    texts = [segment.text[begin:end] for begin, end in zip(begins, ends, strict=False)]
    made = [_piece(text, word) for text, word in zip(texts, words, strict=True)]
    return [*made[:-1], replace(made[-1], space=None)] if made else []


def _piece(text: str, word: Word) -> Piece:
    written = text.rstrip()
    return Piece(written.lstrip(), text[len(written) :], word)


def _cuts(segment: Segment) -> list[int] | None:
    """Where each word begins in the text; None where one cannot be found, or there is none for a text."""
    found: list[int] = []
    place = 0
    for word in segment.words:
        place = segment.text.find(word.text, place)
        if place < 0 or not word.text:
            return None
        found.append(place)
        place += len(word.text)
    return found if found or not segment.text.strip() else None


def space_between(*texts: str) -> str:
    """What stands between words that come from different ones of these texts: nothing in scripts without spaces."""
    whole = "".join(texts)
    return "" if " " not in whole and any(_is_unspaced(letter) for letter in whole) else " "


def _is_unspaced(letter: str) -> bool:
    # Chinese, Japanese and Korean are wide; Thai, Lao, Tibetan and Burmese are neighbours, Khmer stands apart.
    is_wide = unicodedata.east_asian_width(letter) in "WF"
    return is_wide or "\u0e00" <= letter <= "\u109f" or "\u1780" <= letter <= "\u17ff"


def text_of(run: Sequence[Piece], *, space: str) -> str:
    """Write the words one after the other; `space` stands between two that come from different texts."""
    parts = (piece.written + (space if piece.space is None else piece.space) for piece in run)
    return "".join(parts).strip()
