"""Word error counts as Whisper's authors count them: both sides through their normaliser.

Chinese, Japanese and Korean are counted in characters. Digits that were said one by one are joined on both sides,
because “1-0-0-1”, “one zero zero one” and “1001” are the same words.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import jiwer
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

from tests.support.corpus import corpus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BY_CHARACTER = frozenset({"zh", "ja", "ko"})
BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of the corpus. `reference` is its exact text, empty if none is known."""

    path: Path
    seconds: float
    language: str
    reference: str


class Errors(NamedTuple):
    """The number of wrong, missing or inserted words (or characters), and of all words."""

    wrong: int
    of: int


def recordings() -> list[Recording]:
    """Return every recording of speech in the corpus."""
    folder = corpus()
    with (folder / "manifest.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["file"].startswith("speech/")]
    return [
        Recording(
            folder / row["file"],
            float(row["seconds"]),
            row["language"].partition("-")[0],
            row["reference"] if row["reference_kind"].startswith("exact") else "",
        )
        for row in rows
    ]


def errors(language: str, reference: str, text: str) -> Errors:
    """Count the errors in a text of this language."""
    plain = normaliser(language)
    wanted, found = (BETWEEN_DIGITS.sub("", plain(one)) for one in (reference, text))
    if language in BY_CHARACTER:
        result = jiwer.process_characters(wanted.replace(" ", ""), found.replace(" ", ""))
    else:
        result = jiwer.process_words(wanted, found)
    wrong = result.substitutions + result.deletions + result.insertions
    return Errors(wrong, result.hits + result.substitutions + result.deletions)


@lru_cache
def normaliser(language: str) -> Callable[[str], str]:
    """Return what makes texts of a language comparable."""
    chosen: Callable[[str], str] = EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()
    return chosen
