"""A text cut into its words as written, so that texts can be compared word by word and put together again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """A word: as written with its punctuation, the space after it, and as spoken.

    `space` is None at the end of a text, where it is unknown what would follow.
    """

    written: str
    space: str | None
    word: Word

    @property
    def key(self) -> str:
        """What the word is compared by."""
        return scripts.key(self.written)

    @property
    def middle_ms(self) -> int:
        """The middle of its time; the word must have one."""
        return ((self.word.start_ms or 0) + (self.word.end_ms or 0)) // 2


def pieces(segment: Segment) -> list[Piece]:
    """Cut a segment's text at its words. Words without times are given some if the segment has its own.

    If the text does not hold the words in their order it is cut as its script is.
    """
    cuts = _cuts(segment)
    if cuts is None:
        segment = replace(segment, words=tuple(Word(text) for text in scripts.words_in(segment.text)))
        cuts = _cuts(segment) or []
    words = estimated(segment).words if segment.words else ()
    ends = [*cuts[1:], len(segment.text)]
    # What precedes the first word belongs to it.
    begins = [0, *cuts[1:]] if cuts else []
    texts = [segment.text[begin:end] for begin, end in zip(begins, ends, strict=False)]
    made = [_piece(text, word) for text, word in zip(texts, words, strict=True)]
    return [*made[:-1], replace(made[-1], space=None)] if made else []


def _piece(text: str, word: Word) -> Piece:
    written = text.rstrip()
    return Piece(written.lstrip(), text[len(written) :], word)


def _cuts(segment: Segment) -> list[int] | None:
    """Where each word begins in the text; None if one cannot be found, or there is none for a text."""
    found: list[int] = []
    place = 0
    for word in segment.words:
        place = segment.text.find(word.text, place)
        if place < 0 or not word.text:
            return None
        found.append(place)
        place += len(word.text)
    return found if found or not segment.text.strip() else None


def text_of(run: Sequence[Piece]) -> str:
    """Write the words one after the other; between two of different texts is what their scripts have there."""
    return "".join(laid(run)).strip()


def laid(run: Sequence[Piece]) -> Iterator[str]:
    """Yield each word as written and, after it, what separates it from the next."""
    for place, piece in enumerate(run):
        yield piece.written
        following = run[place + 1].written if place + 1 < len(run) else ""
        yield scripts.space_between(piece.written, following) if piece.space is None else piece.space
