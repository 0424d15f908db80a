"""Lines: a text broken within the limits of its profile, at sense and about in the middle."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.subtitles import sense

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    places = itertools.accumulate(len(token.text) for token in group[:-1])
    if broken := _broken(text, places, measure, language):
        return broken
    return _broken(text, [begin for begin, _ in scripts.atoms(text)], measure, language)


def _broken(text: str, places: Iterable[int], measure: Measure, language: str | None) -> list[str] | None:
    best: tuple[float, list[str]] | None = None
    for place in places:
        left, right = text[:place].rstrip(), text[place:].lstrip()
        lengths = measure.length(left), measure.length(right)
        if not left or not right or max(lengths) > measure.line:
            continue
        score = sense.worth(left, right, language) - abs(lengths[0] - lengths[1])
        if best is None or score > best[0]:
            best = score, [left, right]
    return best[1] if best else None
