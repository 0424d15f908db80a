"""A text cut into its words as written, so that texts can be compared word by word and put together again."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import alignment, scripts
from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.alignment import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A word: as written with its punctuation, the space after it, and as spoken.

    `space` is None at the end of a text, because nothing tells what would follow.
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
    """Cut a segment's text at its words, as `cut` does."""
    made = [_piece(text, word) for text, word in cut(segment)]
    return [*made[:-1], replace(made[-1], space=None)] if made else []


def cut(segment: Segment) -> list[tuple[str, Word]]:
    """Return each word with its part of the text, from its first letter to before the next word.

    Words without times are given some if the segment has its own. Words that the text doesn't hold are left out; what
    it holds in their place is cut as its script is.
    """
    placed = _placed(segment)
    if not placed:
        return []
    words = estimated(replace(segment, words=tuple([word for _, word in placed]))).words
    # What is written before the first word belongs to it.
    edges = [0, *[begin for begin, _ in placed[1:]], len(segment.text)]
    texts = [segment.text[begin:end] for begin, end in itertools.pairwise(edges)]
    return list(zip(texts, words, strict=True))


def _piece(text: str, word: Word) -> Piece:
    written = text.rstrip()
    return Piece(written.lstrip(), text[len(written) :], word)


def _placed(segment: Segment) -> list[tuple[int, Word]]:
    """Where each word begins in the text; the script's words where none of the segment's are."""
    spans = alignment.spans(segment.text, [word.text for word in segment.words])
    found = [(span, word) for span, word in zip(spans, segment.words, strict=True) if span is not None]
    placed = [(begin, word) for (begin, _), word in found]
    if len(found) == len(segment.words) > 0:
        return placed
    atoms = _apart_from([span for span, _ in found], scripts.spoken_atoms(segment.text))
    written = [(begin, Word(segment.text[begin:end])) for begin, end in atoms]
    return sorted([*placed, *written], key=lambda pair: pair[0])


def _apart_from(taken: Sequence[Span], atoms: Sequence[Span]) -> Iterator[Span]:
    """Yield the atoms that touch none of the spans; both are in order."""
    place = 0
    for begin, end in atoms:
        while place < len(taken) and taken[place][1] <= begin:
            place += 1
        if place == len(taken) or taken[place][0] >= end:
            yield begin, end


def text_of(run: Sequence[Piece]) -> str:
    """Write the words one after the other; between two of different texts is what their scripts have there."""
    return "".join(laid(run)).strip()


def laid(run: Sequence[Piece]) -> Iterator[str]:
    """Yield each word as written and, after it, what separates it from the next."""
    for place, piece in enumerate(run):
        yield piece.written
        following = run[place + 1].written if place + 1 < len(run) else ""
        yield scripts.space_between(piece.written, following) if piece.space is None else piece.space
