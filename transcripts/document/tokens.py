"""The written text cut at its spoken words, so that punctuation goes with the word it follows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from transcripts.document import scripts
from transcripts.document.segmentation.pieces import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.document.values import Segment


class Token(NamedTuple):
    """A word as written, with the punctuation and space that follow it, and when it is spoken."""

    text: str
    start_ms: int
    end_ms: int


def tokens(segment: Segment, longest: int) -> list[Token]:
    """Cut a timed segment's text at its words; of those longer than `longest`, at their graphemes.

    If the text does not hold the words in their order, because a person rewrote it, it is cut as its script is and
    the parts share the segment's time. A text without any word is one token.
    """
    whole = list(_glued(segment)) or [Token(segment.text, segment.start_ms or 0, segment.end_ms or 0)]
    return [part for token in whole for part in ([token] if len(token.text) <= longest else _parts(token, longest))]


def _glued(segment: Segment) -> Iterator[Token]:
    """The words as tokens; what is written as one word, though it was listed as several, is one."""
    held: Token | None = None
    for text, word in cut(segment):
        token = Token(text.lstrip(), word.start_ms or 0, word.end_ms or 0)
        if held is None:
            held = token
        elif not held.text[-1:].isspace() and scripts.space_between(held.text, token.text.rstrip()):
            held = Token(held.text + token.text, held.start_ms, max(held.end_ms, token.end_ms))
        else:
            yield held
            held = token
    if held is not None:
        yield held._replace(text=held.text.rstrip())


def _parts(token: Token, longest: int) -> list[Token]:
    """A token no line can hold, cut if its script allows it, else at graphemes; the parts share its time."""
    if len(token.text.rstrip()) <= longest:
        return [token]
    texts = list(_chunks(token.text, longest))
    length, count = token.end_ms - token.start_ms, len(texts)
    times = [token.start_ms + length * place // count for place in range(count + 1)]
    return [Token(text, times[place], times[place + 1]) for place, text in enumerate(texts)]


def _chunks(text: str, longest: int) -> Iterator[str]:
    spans = scripts.atoms(text)
    edges = [0, *(begin for begin, _ in spans[1:]), len(text)]
    for begin, end in itertools.pairwise(edges):
        chunk = ""
        for letter in [text[begin:end]] if end - begin <= longest else scripts.graphemes(text[begin:end]):
            if chunk and len(chunk + letter) > longest:
                yield chunk
                chunk = ""
            chunk += letter
        yield chunk
