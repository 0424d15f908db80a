"""Which words of which segments a cue shows, and where these are in a text as people wrote it.

Cues are cut from a text with its spaces and letters made regular. What both texts have in common is the order of the
letters in each word, so places are counted in letters, spaces left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.document.values import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.document.tokens import Token

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Part:
    """What a cue shows of the segment at `index`: the letters from `begin` to `end`, as these tokens."""

    index: int
    begin: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Numbered(Segment):
    """A segment that knows its place in the transcript, however segments are sorted by time."""

    index: int = 0


def numbered(segments: Iterable[Segment]) -> list[Segment]:
    """Return the segments with their places, and each text on one line."""
    return [
        Numbered(one_line(one.text), one.start_ms, one.end_ms, one.speaker, one.words, one.language, index)
        for index, one in enumerate(segments)
    ]


def letters(text: str) -> int:
    """Count the letters of a text without its spaces."""
    return len("".join(text.split()))


class Letters:
    """Where the letters of a text are, as offsets in code points."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets: list[int] = []
        self._counted: list[int] = []
        total = 0
        for word in _WORD.finditer(text):
            self._offsets.append(word.start())
            self._counted.append(total)
            total += letters(one_line(word.group()))

    def begin(self, number: int) -> int:
        """Return where the letter of this number is."""
        return self._at(bisect_right(self._counted, number) - 1, number)

    def end(self, number: int) -> int:
        """Return where the letters before this number end."""
        return self._at(bisect_right(self._counted, max(0, number - 1)) - 1, number)

    def _at(self, word: int, number: int) -> int:
        if word < 0:
            return 0
        until = self._offsets[word + 1] if word + 1 < len(self._offsets) else len(self._text)
        until = len(self._text[:until].rstrip())
        return min(self._offsets[word] + number - self._counted[word], until)


def units(text: str, at: int) -> int:
    """Return an offset in UTF-16 units, as browsers count."""
    return at if text.isascii() else len(text[:at].encode("utf-16-le")) // 2
