"""Lists whose times are milliseconds, as those that tell seconds, which everything else reads."""

from __future__ import annotations

from typing import Any

from transcripts.providers.wire import MAX_NUMBER, dicts

TIMES = ("start", "end")


def in_seconds(listed: object) -> list[dict[str, Any]] | None:
    """Return a list of segments or words, and the words in them, in seconds; None for what is no list."""
    return [_in_seconds(item) for item in dicts(listed)] if isinstance(listed, list) else None


def _in_seconds(item: dict[str, Any]) -> dict[str, Any]:
    times = {name: _seconds(item[name]) for name in TIMES if name in item}
    words = {"words": in_seconds(item["words"])} if "words" in item else {}
    return item | times | words


def _seconds(value: object) -> float | None:
    """Text is no time here: read as one, it would be of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Also false for NaN; a whole number may be too large to be divided.
    return value / 1000 if abs(value) <= MAX_NUMBER * 1000 else None
