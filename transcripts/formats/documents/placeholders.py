"""Placeholders of a Word template, such as `{{ title }}`: found in its text and replaced.

Word splits a text into runs where its look or its spelling check changes, so a placeholder is looked for in a
paragraph as a whole. What replaces it has the look of the run in which it began.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

from transcripts.formats.documents.direction import is_right_to_left, turn_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TRANSCRIPT = "transcript"
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(slots=True)
class Found:
    """The names of the placeholders that were replaced, and the first paragraph that asks for the transcript."""

    names: set[str] = field(default_factory=set)
    place: Any = None


def fill(elements: Iterable[Any], values: Mapping[str, str]) -> Found:
    """Replace the placeholders in these XML elements by their values; one without a value stays as it is."""
    found = Found()
    for element in elements:
        for paragraph in list(element.iter(qn("w:p"))):
            names = _fill(paragraph, values)
            found.names |= names
            if TRANSCRIPT in names and found.place is None:
                found.place = paragraph
    return found


def _fill(paragraph: Any, values: Mapping[str, str]) -> set[str]:
    # The text of a text box is a paragraph of its own, inside of the one that it is anchored in
    texts = [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is paragraph]
    whole = "".join(text.text or "" for text in texts)
    matches = [match for match in _PLACEHOLDER.finditer(whole) if match[1] in values]
    # From the last to the first, so that the places of the others stay where they were found
    for match in reversed(matches):
        _replace(texts, match.start(), match.end(), values[match[1]])
    if matches and is_right_to_left("".join(text.text or "" for text in texts)):
        turn_around(paragraph)
    return {match[1] for match in matches}


def _replace(texts: list[Any], start: int, end: int, value: str) -> None:
    """Replace the letters from `start` to `end`, which may be in several runs."""
    begins = accumulate((len(text.text or "") for text in texts), initial=0)
    for text, begin in zip(texts, list(begins), strict=False):
        letters = text.text or ""
        first, last = max(start - begin, 0), min(end - begin, len(letters))
        if first >= last:
            continue
        text.text = letters[:first] + value + letters[last:]
        text.set(qn("xml:space"), "preserve")
        value = ""
