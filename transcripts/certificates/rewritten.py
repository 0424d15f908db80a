"""The words that people changed after the machine."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.comparison import Block, Paragraph, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Passage:
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


def rewritten(passages: Iterable[Passage]) -> list[Rewritten]:
    """Return what people changed of the machine's words, in the order of the text."""
    found: list[Rewritten] = []
    for is_rewritten, run in itertools.groupby(passages, key=lambda one: one.is_rewritten):
        if is_rewritten:
            found += _of_run(list(run))
    return found


def _of_run(run: list[Passage]) -> Iterator[Rewritten]:
    known = {one.key: one for one in run}
    old = [Paragraph(one.key, one.machine, start_ms=one.start_ms) for one in run if one.machine is not None]
    new = [Paragraph(one.key, one.text, start_ms=one.start_ms) for one in run if one.text is not None]
    for block in compare(old, new):
        yield from _of_block(block, known)


def _of_block(block: Block, known: Mapping[str, Passage]) -> Iterator[Rewritten]:
    concerned = [known[one.key] for one in (block.old, block.new) if one is not None]
    people = tuple(dict.fromkeys(name for one in concerned for name in one.people))
    at = max((one.at for one in concerned), default="")
    start_ms = (block.shown.start_ms if block.shown else None) or 0
    for is_equal, run in itertools.groupby(block.pieces, key=lambda piece: piece.tag == "equal"):
        if not is_equal:
            pieces = list(run)
            machine = "".join(piece.text for piece in pieces if piece.tag == "delete").strip()
            text = "".join(piece.text for piece in pieces if piece.tag == "insert").strip()
            yield Rewritten(start_ms, machine, text, people, at)
