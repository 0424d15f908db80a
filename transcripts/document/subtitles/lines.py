"""Lines: a text broken within the limits of its profile, at sense and about in the middle."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.subtitles import sense

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.subtitles.profiles import Measure
    from transcripts.document.tokens import Token


def text_of(group: Sequence[Token]) -> str:
    """Return what is written of these tokens."""
    return "".join([token.text for token in group]).strip()


def lines_of(group: Sequence[Token], measure: Measure, most: int, language: str | None) -> list[str] | None:
    """Break into one line or, if it doesn't fit and `most` allows it, two; None if they cannot hold it."""
    text = text_of(group)
    length = measure.length(text)
    if length <= measure.line:
        return [text]
    if most < 2 or length > 2 * measure.line + 1:
        return None
    return _broken([token.text for token in group], measure, language) or _broken(_atoms(text), measure, language)


def _atoms(text: str) -> list[str]:
    begins = [begin for begin, _ in scripts.atoms(text)]
    return [text[begin:end] for begin, end in itertools.pairwise([0, *begins[1:], len(text)])]


def _broken(parts: Sequence[str], measure: Measure, language: str | None) -> list[str] | None:
    """Break between two parts where it makes most sense; None if no break leaves two lines that fit."""
    length_of = measure.length
    whole = length_of("".join(parts).rstrip())
    best, place, reached = float("-inf"), 0, 0.0
    for index, part in enumerate(parts[:-1], start=1):
        left = reached + length_of(part.rstrip())
        reached += length_of(part)
        if left > measure.line:
            break
        right = whole - reached
        if right <= measure.line:
            score = sense.worth(part, parts[index], language) - abs(left - right)
            best, place = max((best, place), (score, index))
    return ["".join(parts[:place]).strip(), "".join(parts[place:]).strip()] if place else None
