"""Single values out of a provider's answer: texts, times, probabilities. What is of no use is none."""

from __future__ import annotations

import re
from typing import Any

from transcripts.document.plain import one_line

# Thirty years in seconds: nothing that is measured here comes near.
MAX_NUMBER = 1e9
SECONDS = re.compile(r"([+-]?\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE]([+-]?\d{1,2}))?\s*(?:s|sec|secs|seconds?)?")
CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{0,9})?)")


def read_text(value: object) -> str:
    """Text in composed form on one line, without what cannot be stored; nothing for what is not text."""
    return one_line(value) if isinstance(value, str) else ""


def read_ms(seconds: object) -> int | None:
    """Return seconds as milliseconds, never negative: 8, "8.0", "8.0s" and "0:00:08.0"; None for what is no time."""
    number = _number(seconds)
    if number is None and isinstance(seconds, str):
        number = _number(_written(seconds.strip()))
    return None if number is None else max(0, round(number * 1000))


def _written(text: str) -> float | None:
    if SECONDS.fullmatch(text):
        return float(text.rstrip("second \t"))
    clock = CLOCK.fullmatch(text)
    if clock is None:
        return None
    hours, minutes, seconds = clock.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def read_confidence(value: object) -> float | None:
    """Return a probability from 0 to 1."""
    number = _number(value)
    return None if number is None else min(max(number, 0.0), 1.0)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Also false for NaN.
    return float(value) if abs(value) <= MAX_NUMBER else None


def read_speaker(item: dict[str, Any]) -> str | None:
    """Return the label of who speaks."""
    speaker = item.get("speaker")
    # 0 is a speaker; an empty name is none.
    if isinstance(speaker, bool) or not isinstance(speaker, str | int):
        return None
    return read_text(str(speaker)) or None


def read_span(item: dict[str, Any]) -> tuple[int, int | None] | tuple[None, None]:
    """Return start and end in order; the end may be missing, and an end alone is of no use."""
    start_ms, end_ms = read_ms(item.get("start")), read_ms(item.get("end"))
    if start_ms is None:
        return None, None
    return start_ms, None if end_ms is None else max(start_ms, end_ms)


def dicts(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
