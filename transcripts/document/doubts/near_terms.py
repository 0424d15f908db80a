"""Words that are nearly a term of a vocabulary: by their letters, by their sound, or as people listed them.

The page has the same rules in `static/js/panels/doubts/near.js`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from transcripts.document.doubts.rules import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document.doubts.rules import Fact, NearMiss

# A term is at most so many words apart from what was transcribed in its place.
MOST_WORDS = 4
SHORTEST, SHORTEST_SOUND = 4, 3
LETTERS_A_MISTAKE, MOST_MISTAKES = 4, 3
# Letters that sound alike in most languages written with Latin ones; vowels tell little.
_SOUNDS = [
    (regex.compile(letters), one)
    for letters, one in (
        ("ph", "f"), ("th", "t"), ("[ckqg]+", "k"), ("[zsx]+", "s"), ("[wv]+", "v"), ("[dt]+", "t"), ("[bp]+", "p"),
        ("[aeiouyäöüh]+", ""),
    )
]  # fmt: skip
_DOUBLE = regex.compile(r"(.)\1+")
_MARK = regex.compile(r"\p{M}")


def sound_of(words: Iterable[str]) -> str:
    """Return how words that follow each other roughly sound."""
    return _DOUBLE.sub(r"\1", "".join(map(_sound_of_word, words)))


@lru_cache(maxsize=20_000)
def _sound_of_word(key: str) -> str:
    sound = _MARK.sub("", unicodedata.normalize("NFD", key))
    for letters, one in _SOUNDS:
        sound = letters.sub(one, sound)
    return _DOUBLE.sub(r"\1", sound)


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ, or more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        row = [at]
        for place, counterpart in enumerate(other, start=1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != counterpart)))
        if min(row) > most:
            return most + 1
        before = row
    return before[-1]


@dataclass(frozen=True, slots=True)
class _Match:
    words: int
    term: str = ""
    apart: int = 0


class NearTerms:
    """A vocabulary as what was transcribed is compared with it. Each term comes with how it is often transcribed."""

    def __init__(self, terms: Iterable[tuple[str, Sequence[str]]]) -> None:
        terms = list(terms)
        self._known = {key_of(term): term for term, _ in terms}
        self._listed = {key_of(text): term for term, sounds in terms for text in sounds}
        self._parts = {key_of(part) for term, _ in terms for part in term.split()}
        self._by_sound: dict[str, tuple[str, str]] = {}
        self._by_edge: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
        self._found: dict[str, tuple[str, int] | None] = {}
        for key, term in self._known.items():
            if key:
                self._index(key, term)

    def _index(self, key: str, term: str) -> None:
        sound = sound_of(map(key_of, term.split()))
        if len(sound) >= SHORTEST_SOUND:
            self._by_sound[sound] = (key, term)
        for edge in ((0, key[0]), (-1, key[-1])):
            self._by_edge[edge].append((key, term))

    def is_known(self, key: str) -> bool:
        """Tell whether a word is one of a term."""
        return key in self._parts

    def near_misses(self, facts: Sequence[Fact]) -> list[NearMiss]:
        """Return where words are nearly a term; none overlaps another."""
        found, at = [], 0
        while at < len(facts) and self._known:
            match = self._match_at(facts, at) or _Match(1)
            following = self._match_at(facts, at + 1) if match.words > 1 else None
            if following is not None and following.apart < match.apart:
                at += 1
                continue
            if match.term:
                found.append((at, at + match.words - 1, match.term))
            at += match.words
        return found

    def _match_at(self, facts: Sequence[Fact], at: int) -> _Match | None:
        """Return what is nearest to a term from a word on, the longest of several."""
        found = []
        for count in range(min(MOST_WORDS, len(facts) - at), 0, -1):
            some = facts[at : at + count]
            if not any(fact.is_last for fact in some[:-1]):
                is_unsure = any(fact.is_unsure and not fact.is_settled for fact in some)
                term = self._term_for([fact.key for fact in some], is_unsure=is_unsure)
                found += [_Match(count, *term)] if term else []
        return min(found, key=lambda match: match.apart, default=None)

    def _term_for(self, words: Sequence[str], *, is_unsure: bool) -> tuple[str, int] | None:
        """Return the term that words nearly are, empty if they are one, and how many letters differ."""
        key = "".join(words)
        if key in self._known:
            return "", 0
        if key in self._listed:
            return self._listed[key], 0
        if not is_unsure:
            return None
        if key not in self._found:
            self._found[key] = self._nearest_to(key, words)
        return self._found[key]

    def _nearest_to(self, key: str, words: Sequence[str]) -> tuple[str, int] | None:
        if len(key) < SHORTEST:
            return None
        best, least = self._sounding_like(key, sound_of(words)) or ("", _mistakes_in(key) + 1)
        for other, term in (*self._by_edge.get((0, key[0]), ()), *self._by_edge.get((-1, key[-1]), ())):
            apart = distance(key, other, min(least - 1, _mistakes_in(other)))
            if apart < least and apart <= _mistakes_in(other):
                best, least = term, apart
        return (best, least) if best else None

    def _sounding_like(self, key: str, sound: str) -> tuple[str, int] | None:
        most = len(key) * 2 // 3
        other, term = self._by_sound.get(sound, ("", ""))
        apart = distance(key, other, most)
        return (term, apart) if term and apart <= most else None


def _mistakes_in(key: str) -> int:
    return min(MOST_MISTAKES, len(key) // LETTERS_A_MISTAKE)
