"""Where a text has what was asked for, and the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from transcripts.document.search.terms import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.search.query import Query, Term
    from transcripts.document.search.terms import Token

# So many letters of a long segment are shown, the first of them this far before what was found.
SHOWN, BEFORE = 180, 50
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of what is shown; `is_hit` if it was asked for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a text has what was asked for: `places` are code points, `forms` the words found by a beginning."""

    places: tuple[tuple[int, int], ...]
    forms: tuple[str, ...] = ()


def is_match(query: Query, text: str) -> bool:
    """Tell whether a text has all that was asked for; most texts are read for this alone, so it is quick."""
    if not text.isascii():
        return match(query, text) is not None
    lowered = text.lower()
    asked, excluded = _patterns(query)
    return all(one.search(lowered) for one in asked) and not any(one.search(lowered) for one in excluded)


@lru_cache(maxsize=64)
def _patterns(query: Query) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    return [_pattern(term) for term in query.terms], [_pattern(term) for term in query.excluded]


def _pattern(term: Term) -> re.Pattern[str]:
    words = r"[^a-z0-9]+".join(map(re.escape, term.words))
    return re.compile(rf"(?<![a-z0-9]){words}" + (r"(?![a-z0-9])" if not term.is_prefix else ""))


def match(query: Query, text: str) -> Match | None:
    """Return where the text has all that was asked for; None if it lacks some, or has what must not be there."""
    found = tokens(text)
    words = [token.word for token in found]
    if any(_first(term, words) is not None for term in query.excluded):
        return None
    places: set[tuple[int, int]] = set()
    forms: list[str] = []
    for term in query.terms:
        starts = _starts(term, words)
        if not starts:
            return None
        places |= {_place(found, start, term) for start in starts}
        forms += _forms(term, found, starts, text)
    return Match(_apart(sorted(places)), tuple(dict.fromkeys(forms)))


def _first(term: Term, words: Sequence[str]) -> int | None:
    return next(iter(_starts(term, words)), None)


def _starts(term: Term, words: Sequence[str]) -> list[int]:
    """Return the numbers of the words that the term begins at."""
    first, length = term.words[0], len(term.words)
    if length == 1:
        if not term.is_prefix:
            return [number for number, word in enumerate(words) if word == first]
        return [number for number, word in enumerate(words) if word.startswith(first)]
    head, last = list(term.words[:-1]), term.words[-1]
    return [
        number
        for number in range(len(words) - length + 1)
        if words[number] == first
        and list(words[number : number + length - 1]) == head
        and _is(words[number + length - 1], last, is_prefix=term.is_prefix)
    ]


def _is(word: str, wanted: str, *, is_prefix: bool) -> bool:
    return word.startswith(wanted) if is_prefix else word == wanted


def _place(found: Sequence[Token], start: int, term: Term) -> tuple[int, int]:
    return found[start].begin, found[start + len(term.words) - 1].end


def _forms(term: Term, found: Sequence[Token], starts: Sequence[int], text: str) -> list[str]:
    if not term.is_prefix:
        return []
    last = [found[start + len(term.words) - 1] for start in starts]
    return [text[token.begin : token.end].lower() for token in last if token.word != term.words[-1]]


def _apart(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join places that overlap."""
    joined: list[tuple[int, int]] = []
    for begin, end in places:
        if joined and begin < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)


def pieces(text: str, places: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return a text in pieces, what was found apart from the rest."""
    cut, at = [], 0
    for begin, end in places:
        cut += [Piece(text[at:begin]), Piece(text[begin:end], is_hit=True)]
        at = end
    return [piece for piece in [*cut, Piece(text[at:])] if piece.text]


def excerpt(text: str, places: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return the words around what was found first, in pieces; a short text whole."""
    if len(text) <= SHOWN:
        return pieces(text, places)
    first = places[0][0] if places else 0
    begin = _cut(text, max(0, first - BEFORE))
    end = _cut(text, max(begin + SHOWN, places[0][1] if places else 0))
    inside = [
        (max(one, begin) - begin, min(other, end) - begin) for one, other in places if one < end and other > begin
    ]
    shown = pieces(text[begin:end].rstrip(), inside)
    return [Piece(ELLIPSIS)] * (begin > 0) + shown + [Piece(ELLIPSIS)] * (end < len(text))


def _cut(text: str, at: int) -> int:
    """Return the place after the space before `at`, if one is near; `at` in scripts without spaces."""
    if at <= 0 or at >= len(text):
        return min(max(at, 0), len(text))
    space = text.rfind(" ", max(0, at - 24), at)
    return at if space < 0 else space + 1
