"""The words of a text as they are searched: without case, accents and punctuation.

The index holds exactly these, one space between them, so the words here and those of a database are the same. Whoever
changes how a word is folded gives `services/search/` a new version: an index is made of one way of folding alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

from transcripts.document import scripts

_ASCII_WORD = re.compile(r"[a-z0-9]+")
# Accents of Latin and Greek letters, and those two dots of Cyrillic that people leave out. Marks of other scripts are
# letters of their own (the vowels of Devanagari, the voicing of kana).
_ACCENTS = regex.compile(r"([\p{Latin}\p{Greek}][\u0300-\u036f]+)|(\u0435\u0308)")
# The points of Hebrew and Arabic, which few write, and the stretching stroke.
_POINTS = regex.compile(r"[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]")
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is searched, and where it is in the text."""

    word: str
    begin: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the words of a text with their places."""
    if text.isascii():
        return [Token(found.group(), *found.span()) for found in _ASCII_WORD.finditer(text.lower())]
    return [Token(fold(text[begin:end]), begin, end) for begin, end in scripts.letters_in(text)]


def words(text: str) -> list[str]:
    """Return the words of a text."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return [fold(text[begin:end]) for begin, end in scripts.letters_in(text)]


def indexed(text: str | None) -> str:
    """Return a text as the index holds it."""
    return " ".join(words(text or ""))


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word without case and accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = _ACCENTS.sub(lambda found: found.group()[0], plain)
    plain = unicodedata.normalize("NFC", _POINTS.sub("", plain)).translate(_STROKES)
    return "".join(plain.split()) or word
