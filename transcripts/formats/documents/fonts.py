"""The fonts of PDF files: found in the packages that hold them, one for each script, read when a text needs them.

They are data of packages from PyPI (`fontpkg-*` and `cvttf-notosanscjk-regular`, all under the SIL Open Font License),
so the packages are found and never imported.
"""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Font:
    """A font: its name in the file, where it is in its package, and whether its letters must be shaped."""

    name: str
    path: str
    script: str
    is_shaped: bool = False

    @property
    def file(self) -> Path:
        """Where it is on this machine."""
        return Path(sysconfig.get_paths()["purelib"]) / self.path


# Latin, Greek, Cyrillic; combining marks need shaping, but whatever is composed doesn't
LATIN = Font("latin", "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf", "")
FONTS = (
    Font("arabic", "fontpkg_noto_sans_arabic/files/NotoSansArabic[wdth,wght].ttf", r"\p{Arabic}", is_shaped=True),
    Font("hebrew", "fontpkg_heebo/files/Heebo[wght].ttf", r"\p{Hebrew}", is_shaped=True),
    Font("devanagari", LATIN.path, r"\p{Devanagari}", is_shaped=True),
    Font("thai", "fontpkg_noto_sans_thai/files/NotoSansThai[wdth,wght].ttf", r"\p{Thai}", is_shaped=True),
    Font(
        "cjk",
        "cvttf_NotoSansCJK_Regular/NotoSansCJKtc-Regular.otf",
        r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{ea=W}\p{ea=F}]",
    ),
)
_SCRIPTS = [(font, regex.compile(font.script)) for font in FONTS]
# Joined marks, which only shaping puts in their places
_MARKS = regex.compile(r"\p{M}")


def of(text: str) -> list[Font]:
    """Return the fonts that a text needs, the one that most of its letters need first."""
    if text.isascii():
        return [LATIN]
    counts = [(len(pattern.findall(text)), font) for font, pattern in _SCRIPTS]
    needed = [font for count, font in sorted(counts, key=lambda pair: -pair[0]) if count]
    most = max((count for count, _ in counts), default=0)
    return [*needed, LATIN] if most * 2 > sum(letter.isalpha() for letter in text) else [LATIN, *needed]


def must_be_shaped(text: str, needed: Iterable[Font]) -> bool:
    """Tell whether letters of the text change with their neighbours, or run from right to left."""
    return any(font.is_shaped for font in needed) or (not text.isascii() and _MARKS.search(text) is not None)


@lru_cache(maxsize=1)
def missing() -> list[str]:
    """Return the names of the fonts whose packages are not installed."""
    return [font.name for font in (LATIN, *FONTS) if not font.file.is_file()]
