"""Codes of languages: those of clients and those of Whisper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Whisper's codes for those that ISO 639-1 has replaced, and for codes of three letters that browsers send
SAME = {"nb": "no", "iw": "he", "in": "id", "fil": "tl", "cmn": "zh", "jv": "jw", "zsm": "ms"}
TODAY = {"jw": "jv"}
# Written without spaces between words, and so between segments
UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km"})


def primary(language: str) -> str:
    """Return the language of a BCP-47 tag without region or script, in lower case; empty for `auto`."""
    name = language.replace("_", "-").partition("-")[0].strip().lower()
    return "" if name == "auto" else name


def whisper_code(language: str) -> str:
    """Return Whisper's code for the language of a BCP-47 tag; an unknown one is returned unchanged."""
    name = primary(language)
    return SAME.get(name, name)


def names_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the ISO 639-1 codes, or those of three letters, for Whisper's."""
    return tuple(sorted(TODAY.get(code, code) for code in codes))
