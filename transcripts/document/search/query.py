"""What a person asked for: words, "phrases", begin*nings, and -words that must not be there.

Nothing is a mistake: what is no syntax is read as words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from transcripts.document import scripts
from transcripts.document.search import terms

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 500
MOST_TERMS = 12
LONGEST_PHRASE = 40
# A beginning of one letter would be half the archive.
SHORTEST_PREFIX = 2

_QUOTES = '"“”„‟«»「」『』'
_PHRASE = rf"[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]"
_PART = regex.compile(rf"(?<!\S)(?P<minus>[-−])?(?:{_PHRASE}|(?P<word>\S+))|(?P<rest>\S+)")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; of a beginning the last is only the first letters of a word."""

    words: tuple[str, ...]
    is_prefix: bool = False

    def __str__(self) -> str:
        return " ".join(self.words) + "*" * self.is_prefix


@dataclass(frozen=True, slots=True)
class Query:
    """What all must be in one segment, title, comment or note, and what must not be in it.

    `is_cut` says that more was asked for than a search takes.
    """

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse(text: str) -> Query:
    """Read what a person typed."""
    asked: list[Term] = []
    excluded: list[Term] = []
    for term, is_excluded in _terms(text[:LONGEST]):
        (excluded if is_excluded else asked).append(term)
    found, kept_out = list(dict.fromkeys(asked)), list(dict.fromkeys(excluded))
    is_cut = len(text) > LONGEST or len(found) > MOST_TERMS or len(kept_out) > MOST_TERMS
    return Query(tuple(found[:MOST_TERMS]), tuple(kept_out[:MOST_TERMS]), is_cut)


def _terms(text: str) -> Iterator[tuple[Term, bool]]:
    for found in _PART.finditer(text):
        part = found["phrase"] if found["phrase"] is not None else found["word"] or found["rest"]
        words = terms.words(part)[:LONGEST_PHRASE]
        if words:
            yield _term(words, part, is_word=found["phrase"] is None), found["minus"] is not None


def _term(words: list[str], part: str, *, is_word: bool) -> Term:
    """Return the words of a part: what a hyphen or an apostrophe divides is a phrase."""
    is_prefix = is_word and part.endswith("*") and len(words[-1]) >= SHORTEST_PREFIX
    return Term(tuple(words), is_prefix=is_prefix and not scripts.is_unspaced(words[-1]))


def widened(query: Query) -> Query:
    """Return the same with each word of at least four letters as a beginning, to find its other forms too."""
    asked = tuple(Term(term.words, is_prefix=term.is_prefix or _has_forms(term)) for term in query.terms)
    return Query(asked, query.excluded, query.is_cut)


def _has_forms(term: Term) -> bool:
    word = term.words[0]
    return len(term.words) == 1 and len(word) >= 4 and not word[-1].isdigit() and not scripts.is_unspaced(word)
