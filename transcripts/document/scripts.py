"""How words are written in their scripts: what one is, what stays together, where a space belongs.

Graphemes are those of UAX 29 and the classes of letters those of UAX 14, both from `regex`. Scripts that put no spaces
between words (Han, kana, Thai, Lao, Khmer, Burmese and their neighbours) are cut at graphemes: finding their words
would need a dictionary for each. Hangul uses spaces.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Letters of scripts without spaces. SA: South East Asian letters and vowel signs; CJ: small kana and the long mark.
_UNSPACED = (
    r"[\p{lb=SA}\p{lb=CJ}\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Yi}\p{Tibetan}\p{Javanese}\p{Balinese}"
    r"\p{Myanmar}\p{Khmer}]"
)
# What never begins a line, and what never ends one.
_CLOSING = r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{lb=NS}\p{lb=CJ}\p{lb=IN}\p{Pf}\p{lb=BA}]"
_OPENING = r"[\p{lb=OP}\p{Pi}]"
_HAS_UNSPACED = regex.compile(_UNSPACED)
_ATOM = regex.compile(
    rf"{_OPENING}*(?:(?={_UNSPACED})\X|(?:(?!\s|{_UNSPACED}|{_OPENING}{{1,4}}{_UNSPACED})\X)+){_CLOSING}*|{_OPENING}+"
)
_WORD = regex.compile(r"\S+")
_GRAPHEME = regex.compile(r"\X")
# Letters, digits, symbols: whatever is spoken. A mark alone or punctuation is not.
_SPOKEN = regex.compile(r"[\p{L}\p{N}\p{S}\p{M}]")
_LETTERS = regex.compile(rf"(?={_UNSPACED})\X|(?:(?!{_UNSPACED})[\p{{L}}\p{{N}}\p{{M}}])+")
_LETTER_RUN = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_KEY = regex.compile(r"[\p{L}\p{N}\p{M}]")
_INSIDE = regex.compile(r"[\p{L}\p{N}\p{M}]{2}")
_BEFORE = regex.compile(rf"^{_OPENING}*({_UNSPACED})")
_AFTER = regex.compile(rf"(?:{_UNSPACED}{_CLOSING}*|[\p{{ea=W}}&&\p{{P}}])$", flags=regex.V1)
_HANGUL_BEFORE = regex.compile(rf"^{_OPENING}*\p{{Hangul}}")
_HANGUL_AFTER = regex.compile(rf"\p{{Hangul}}{_CLOSING}*$")
# So near to a join are the letters that decide it.
NEAR = 8
_CLOSES = regex.compile(r"[\p{lb=CL}\p{lb=CP}\p{lb=EX}\p{lb=IS}\p{Pf}]+")


def graphemes(text: str) -> list[str]:
    """Cut a text into what people take for its letters."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def is_unspaced(text: str) -> bool:
    """Tell whether any letter of the text is of a script without spaces."""
    return _HAS_UNSPACED.search(text) is not None


def atoms(text: str) -> list[tuple[int, int]]:
    """Return from where to where each word of the text is, graphemes in scripts without spaces.

    A line may break between any two of them and nowhere else: punctuation stays with what it closes or opens.
    """
    pattern = _ATOM if is_unspaced(text) else _WORD
    return [found.span() for found in pattern.finditer(text)]


def words_in(text: str) -> list[str]:
    """Return the words of a text as `atoms` cuts them; what holds no letter belongs to the word before it."""
    return [text[begin:end] for begin, end in spoken_atoms(text)]


def spoken_atoms(text: str) -> list[tuple[int, int]]:
    """Return the atoms of a text that hold something spoken; none if it holds nothing but punctuation."""
    return [(begin, end) for begin, end in atoms(text) if _SPOKEN.search(text, begin, end)]


def is_spoken(text: str) -> bool:
    """Tell whether a text holds anything that is spoken, not punctuation alone."""
    return _SPOKEN.search(text) is not None


def is_boundary(text: str, place: int) -> bool:
    """Tell whether a word may begin or end at this place: not between two letters, except in scripts without spaces."""
    around = text[max(0, place - 1) : place + 1]
    return _INSIDE.fullmatch(around) is None or is_unspaced(around)


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """Return what a word is compared by: its letters, digits and marks, whatever their case; else the text itself."""
    folded = text.casefold()
    if folded.isalnum():
        return folded
    return "".join(_KEY.findall(unicodedata.normalize("NFC", folded))) or folded.strip()


def closes(text: str) -> bool:
    """Tell whether a text is nothing but punctuation that belongs to the word before it."""
    return _CLOSES.fullmatch(text) is not None


def space_between(left: str, right: str) -> str:
    """Return what separates two words that no text shows beside each other: a space, or nothing."""
    if not left or not right or closes(right):
        return ""
    left, right = left[-NEAR:], right[:NEAR]
    before, after = _AFTER.search(left) is not None, _BEFORE.match(right) is not None
    if before and after:
        return ""
    if before:
        return " " if _HANGUL_BEFORE.match(right) else ""
    if after:
        return " " if _HANGUL_AFTER.search(left) else ""
    return " "


def joined(words: Iterable[str]) -> str:
    """Write words one after the other, with spaces where their scripts have them."""
    return "".join(_spaced(words))


def _spaced(words: Iterable[str]) -> Iterator[str]:
    before = ""
    for word in words:
        yield space_between(before, word)
        yield word
        before = word or before


def letters_in(text: str) -> list[tuple[int, int]]:
    """Return the runs of letters, digits and marks of a text, graphemes in scripts without spaces: what is searched."""
    pattern = _LETTERS if is_unspaced(text) else _LETTER_RUN
    return [found.span() for found in pattern.finditer(text)]
