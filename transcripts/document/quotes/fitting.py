"""Where in a text a quotation was said, with the fewest words that differ.

The search is that of Sellers (1980, "The theory and computation of evolutionary distances: pattern recognition"): edit
distance by words in which the text before and after costs nothing. A GAP of the quotation takes any words for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import diff
from transcripts.document.quotes.article import GAP

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of so many words one may differ: a quotation with a fifth of its words changed is the same quotation.
A_CHANGE_IN = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """Words `begin` to `end` of a text are what was quoted, with so many words that differ."""

    begin: int
    end: int
    distance: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of what was quoted and of what was said in its place; `is_same` if both have the same words."""

    quoted: tuple[int, int]
    said: tuple[int, int]
    is_same: bool


def fit(quote: Sequence[str], text: Sequence[str]) -> Fit:
    """Return where a text has a quotation best; of equals the first, and as much of it as can be."""
    row = [(0, at) for at in range(len(text) + 1)]
    for number, word in enumerate(quote, start=1):
        row = _skipped(row) if word == GAP else _next(row, word, text, number)
    distance, begin = min(row, key=lambda cell: cell[0])
    end = max(at for at, cell in enumerate(row) if cell == (distance, begin))
    return Fit(begin, end, distance)


def _next(row: list[tuple[int, int]], word: str, text: Sequence[str], number: int) -> list[tuple[int, int]]:
    """Return the costs once a further word of the quotation was read: cell by cell the cost, and where it begins."""
    found = [(row[0][0] + 1, 0)]
    for at, said in enumerate(text):
        diagonal, missing, more = row[at], row[at + 1], found[at]
        best = (diagonal[0] + (said != word), diagonal[1])
        if missing[0] + 1 < best[0]:
            best = (missing[0] + 1, missing[1])
        if more[0] + 1 < best[0]:
            best = (more[0] + 1, more[1])
        found.append(best)
    return found


def _skipped(row: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the costs once words were left out: as low as anywhere before."""
    found = row[:1]
    for cell in row[1:]:
        found.append(min(cell, found[-1], key=lambda one: one[0]))
    return found


def most_changes(size: int) -> int:
    """Return how many of so many words may differ in what is still the same quotation."""
    return size // A_CHANGE_IN


def compared(quote: Sequence[str], said: Sequence[str]) -> list[Part]:
    """Return what was quoted beside what was said, stretch by stretch. What a GAP stands for is the same."""
    return [
        Part(
            (one.first, one.last),
            (one.begin, one.end),
            is_same=one.tag == "equal" or _is_gap(quote[one.first : one.last]),
        )
        for one in diff.changes(quote, said)
    ]


def _is_gap(words: Sequence[str]) -> bool:
    return bool(words) and all(word == GAP for word in words)
