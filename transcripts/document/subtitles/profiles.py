"""Profiles of subtitles: how much text is shown, and for how long.

Sources, each read in 2026:

- Netflix, Timed Text Style Guide, General Requirements (https://partnerhelp.netflixstudios.com/hc/articles/215758617):
  two lines, five sixths of a second to seven seconds, two frames between subtitles (83 ms at 24 frames a second). The
  guides of the languages: 42 characters a line; 20 characters a second for adults in English, 17 in other languages
  and in older English templates; Japanese 13 full-width characters a line and 4 a second, Korean 16 and 12, Chinese 16
  and 9.
- BBC Subtitle Guidelines (https://www.bbc.co.uk/accessibility/forproducts/guides/subtitles/): two lines of 37
  characters; 160 to 180 words a minute, of which 170 words of six characters are 17 characters a second; subtitles
  follow each other without a gap, or after at least a second.
- TED Translators Cheat-sheet (https://translations.ted.com/TED_Translators_Cheat-sheet): two lines of 42 characters, 21
  characters a second, one to seven seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_HANGUL = regex.compile(r"\p{Hangul}")
_HAN = regex.compile(r"\p{Han}")
_WIDE = regex.compile(r"[\p{ea=W}\p{ea=F}]")
_LETTER = regex.compile(r"\p{L}")
# Characters a line and a second in scripts whose letters are as wide as they are high
_EAST_ASIAN = {"ja": (13, 4.0), "ko": (16, 12.0), "zh": (16, 9.0)}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text of one language may fill: characters a line and a second.

    A full-width letter counts as one if `is_wide`, and what is narrower as half; otherwise each character is one.
    """

    line: int
    speed: float
    is_wide: bool = False

    @property
    def length(self) -> Callable[[str], float]:
        """What counts the characters of a text."""
        return _half_widths if self.is_wide else len


def _half_widths(text: str) -> float:
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) / 2


@dataclass(frozen=True, slots=True)
class Profile:
    """The limits of subtitles. Times are milliseconds, `speed` is the reading speed in characters a second.

    `speed_elsewhere` is that of languages other than English; `by_script` tells whether Japanese, Korean and Chinese
    have limits of their own, those of Netflix, which others adopted.
    """

    line: int
    speed: float
    shortest_ms: int
    longest_ms: int
    gap_ms: int
    lines: int = 2
    speed_elsewhere: float | None = None
    by_script: bool = True

    def measure(self, text: str, language: str | None = None) -> Measure:
        """Return the limits of a text by its language or, if that is not known, its script."""
        return _measure(self, _key(text, language) if self.by_script else "")


@lru_cache(maxsize=256)
def _measure(profile: Profile, key: str) -> Measure:
    if key in _EAST_ASIAN:
        line, speed = _EAST_ASIAN[key]
        return Measure(line, speed, is_wide=True)
    other = profile.speed_elsewhere
    return Measure(profile.line, profile.speed if other is None or key in ("", "en") else other)


def _key(text: str, language: str | None) -> str:
    """Return the primary language, or what the script of most letters tells of it; empty if neither is known."""
    primary = (language or "").partition("-")[0].lower()
    if text.isascii():
        return primary if primary not in _EAST_ASIAN else ""
    if len(_WIDE.findall(text)) * 2 <= len(_LETTER.findall(text)):
        return primary if primary not in _EAST_ASIAN else ""
    if primary in _EAST_ASIAN:
        return primary
    return "ja" if _KANA.search(text) else "ko" if _HANGUL.search(text) else "zh" if _HAN.search(text) else primary


NETFLIX = Profile(line=42, speed=20, speed_elsewhere=17, shortest_ms=833, longest_ms=7_000, gap_ms=83)
BBC = Profile(line=37, speed=17, shortest_ms=1_000, longest_ms=7_000, gap_ms=0)
TED = Profile(line=42, speed=21, shortest_ms=1_000, longest_ms=7_000, gap_ms=0)
PROFILES = {"netflix": NETFLIX, "bbc": BBC, "ted": TED}


def own(*, line: int, lines: int, speed: int, shortest_ms: int, longest_ms: int, gap_ms: int) -> Profile:
    """Return a profile of someone's own limits, which hold in every script."""
    limits = Profile(line=line, speed=speed, shortest_ms=shortest_ms, longest_ms=longest_ms, gap_ms=gap_ms, lines=lines)
    return replace(limits, by_script=False)
