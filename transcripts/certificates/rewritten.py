"""The words that people changed after the machine."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class SegmentText:
    """A segment: what the machine transcribed in it and what it says now, None where one of them has no such segment.

    `people` changed it, the last of them at the moment `at` (ISO 8601).
    """

    key: str
    start_ms: int | None
    machine: str | None
    text: str | None
    people: tuple[str, ...] = ()
    at: str = ""

    @property
    def is_rewritten(self) -> bool:
        """Whether people changed its words."""
        return self.machine != self.text


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Words that stand in place of the machine's, or beside them; `start_ms` is where their segment begins."""

    start_ms: int
    machine: str
    text: str
    people: tuple[str, ...]
    at: str


def rewritten(segments: Iterable[SegmentText]) -> list[Rewritten]:
    """Return what people changed of the machine's words, in the order of the text."""
    found: list[Rewritten] = []
    for is_rewritten, run in itertools.groupby(segments, key=lambda one: one.is_rewritten):
        if is_rewritten:
            found += _of_run(list(run))
    return found


def _of_run(run: list[SegmentText]) -> Iterator[Rewritten]:
    """Compare segments that follow each other as one text: words may have moved from one to the next."""
    old = [(word, one) for one in run for word in _words(one.machine)]
    new = [(word, one) for one in run for word in _words(one.text)]
    for change in diff.changes([word for word, _ in old], [word for word, _ in new]):
        if change.tag != "equal":
            yield _of_change(old[change.first : change.last], new[change.begin : change.end])


def _of_change(old: list[tuple[str, SegmentText]], new: list[tuple[str, SegmentText]]) -> Rewritten:
    concerned = [one for _, one in (*new, *old)]
    people = tuple(dict.fromkeys(name for one in concerned for name in one.people))
    at = max(one.at for one in concerned)
    machine, text = (scripts.joined(word for word, _ in words) for words in (old, new))
    return Rewritten(concerned[0].start_ms or 0, machine, text, people, at)


def _words(text: str | None) -> list[str]:
    return [] if text is None else [text[begin:end] for begin, end in scripts.atoms(text)]
