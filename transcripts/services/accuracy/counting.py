"""Word error rate: the words of two texts aligned by jiwer, counted by speaker. Pure.

Words are compared as `document/scripts.py` cuts and compares them everywhere: without case and punctuation, numbers and
spellings as they are written. In scripts without spaces a word is a letter, so the rate is that of characters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import jiwer

from transcripts.document import scripts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Counts:
    """The words of the approved text, and what was wrong in the machine's."""

    words: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0


@dataclass(slots=True)
class Result:
    """The counts by speaker, which together are those of the whole, and the words that were replaced."""

    speakers: dict[str, Counts] = field(default_factory=dict)
    corrected: Counter[tuple[str, str]] = field(default_factory=Counter)

    def of(self, label: str) -> Counts:
        """Return the counts of a speaker."""
        return self.speakers.setdefault(label, Counts())

    @property
    def whole(self) -> Counts:
        """Return the counts of all speakers."""
        total = Counts()
        for one in self.speakers.values():
            total.words += one.words
            total.substitutions += one.substitutions
            total.deletions += one.deletions
            total.insertions += one.insertions
        return total


def normalised(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return [scripts.key(word) for word in scripts.words_in(text)]


def compare(machine: Iterable[str], approved: Iterable[tuple[str, str]]) -> Result:
    """Compare the machine's segments with the approved ones, each a speaker's label and a text.

    A word that only the machine has counts for the speaker of the approved word before it.
    """
    said = [word for text in machine for word in normalised(text)]
    meant: list[str] = []
    labels: list[str] = []
    for label, text in approved:
        words = normalised(text)
        meant += words
        labels += [label] * len(words)
    result = Result()
    for label in labels:
        result.of(label).words += 1
    _count(result, said, meant, labels or [""])
    return result


def _count(result: Result, said: Sequence[str], meant: Sequence[str], labels: Sequence[str]) -> None:
    if not said or not meant:
        for label in labels if meant else ():
            result.of(label).deletions += 1
        result.of(labels[0]).insertions += 0 if meant else len(said)
        return
    for chunk in jiwer.process_words(" ".join(meant), " ".join(said)).alignments[0]:
        places = range(chunk.ref_start_idx, chunk.ref_end_idx)
        if chunk.type == "insert":
            before = labels[max(0, chunk.ref_start_idx - 1)]
            result.of(before).insertions += chunk.hyp_end_idx - chunk.hyp_start_idx
        elif chunk.type == "delete":
            for place in places:
                result.of(labels[place]).deletions += 1
        elif chunk.type == "substitute":
            for place, other in zip(places, range(chunk.hyp_start_idx, chunk.hyp_end_idx), strict=True):
                result.of(labels[place]).substitutions += 1
                result.corrected[said[other], meant[place]] += 1
