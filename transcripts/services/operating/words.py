"""Numbers and spans of time in words, as the console says them."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 recording", "1,204 recordings"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def in_words(seconds: int) -> str:
    """Write seconds as people do: "45 s", "12 min", "3 h"."""
    if seconds < 90:
        return f"{seconds} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
