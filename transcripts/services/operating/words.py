"""Numbers with their nouns, as the answers of acts say them."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 recording", "1,204 recordings"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
