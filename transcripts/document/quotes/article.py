"""The quotations of an article: what stands between quotation marks; without any, each paragraph.

What an editor left out or put in (“…”, “[…]”, “[the minister]”) stands for any words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from transcripts.document.search import terms

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_ARTICLE, MOST_QUOTES = 200_000, 200
# So few words are said everywhere; of more than so many only the first are checked.
SHORTEST, LONGEST = 3, 300

GAP = "\0"

# Pairs of marks, the inner ones of a language among them; straight and single ones only where a word begins and ends.
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ("‹", "›"))
_MARKED = regex.compile(
    "|".join(rf"{begin}([^{begin}{end}\n]+(?:\n(?!\s*\n)[^{begin}{end}\n]+)*){end}" for begin, end in _PAIRS)
    + r'|(?<![\w"])"([^"\n]+)"(?!\w)|(?<!\w)[‘\'](?=\w)((?:[^\n‘’\']|(?<=\w)[’\'](?=\w))+)[’\'](?!\w)'
)
_PARAGRAPH = regex.compile(r"[^\n]*\S[^\n]*")
# What was left out, and what stands in brackets in place of words
_OMITTED = regex.compile(r"\[[^\]\n]{0,200}\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.{3,}")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation as it stands in the article: its words as they are compared, GAP among them, with their places."""

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """How many words it has, what was left out not counted."""
        return sum(word != GAP for word in self.words)


@dataclass(frozen=True, slots=True)
class Article:
    """The quotations that can be checked, and how many can't: too short, or beyond the most that are checked."""

    quotes: tuple[Quote, ...]
    short: int = 0
    left_out: int = 0


def read(text: str) -> Article:
    """Return the quotations of a text, in their order."""
    found = list(_marked(text)) or list(_paragraphs(text))
    long = [one for one in found if one.size >= SHORTEST]
    return Article(tuple(long[:MOST_QUOTES]), len(found) - len(long), max(0, len(long) - MOST_QUOTES))


def _marked(text: str) -> Iterator[Quote]:
    for found in _MARKED.finditer(text):
        yield _quote(next(part for part in found.groups() if part is not None))


def _paragraphs(text: str) -> Iterator[Quote]:
    for found in _PARAGRAPH.finditer(text):
        yield _quote(found[0])


def _quote(text: str) -> Quote:
    """Return a quotation without gaps at its ends: what was said there is not quoted."""
    text = text.strip()
    parts = list(_parts(text))
    spoken = [number for number, (word, _) in enumerate(parts) if word != GAP]
    inner = parts[spoken[0] : spoken[-1] + 1] if spoken else []
    return Quote(text, tuple(word for word, _ in inner[:LONGEST]), tuple(span for _, span in inner[:LONGEST]))


def _parts(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each word with its place, and GAP for what was left out."""
    at = 0
    for found in _OMITTED.finditer(text):
        yield from _spoken(text, at, found.start())
        yield GAP, found.span()
        at = found.end()
    yield from _spoken(text, at, len(text))


def _spoken(text: str, begin: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    for token in terms.tokens(text[begin:end]):
        yield token.word, (begin + token.begin, begin + token.end)
