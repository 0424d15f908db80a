"""Rows in memory, and operations on them."""

from __future__ import annotations

from transcripts.document.editing.apply import RowOperation, apply
from transcripts.document.editing.rows import MemoryRows, Overwritten, Row
from transcripts.document.values import Segment, Timing, Word

WORD_MS = 400


def segment(text: str, at_ms: int = 0) -> Segment:
    words = tuple(
        Word(word, at_ms + n * WORD_MS, at_ms + (n + 1) * WORD_MS, 0.9, Timing.MEASURED)
        for n, word in enumerate(text.split())
    )
    return Segment(text, at_ms, at_ms + len(words) * WORD_MS, "1", words)


def made(*said: str) -> MemoryRows:
    """Rows "r0", "r1" … that say this, one after the other."""
    at_ms, rows = 0, []
    for number, text in enumerate(said):
        rows.append(Row(f"r{number}", segment(text, at_ms)))
        at_ms += len(text.split()) * WORD_MS
    return MemoryRows(rows)


def said(rows: MemoryRows) -> list[str]:
    return [row.text for row in rows.present()]


def do(rows: MemoryRows, *asked: RowOperation, seq: int = 0, now: int = 1) -> list[Overwritten]:
    return apply(rows, asked, seq=seq, now=now)
