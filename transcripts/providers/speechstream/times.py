"""Read when the words of a known text are spoken."""

from __future__ import annotations

from typing import Any

from transcripts.providers.errors import BadAnswer
from transcripts.providers.wire import read_ms


def read_times(data: dict[str, Any]) -> list[tuple[int, int] | None]:
    """Return the start and end of each word in ms, None for one that was not found. Raises BadAnswer."""
    times = data.get("times")
    if not isinstance(times, list):
        raise BadAnswer("The provider's answer has no times")
    return [_span(one) for one in times]


def _span(value: object) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    start_ms, end_ms = read_ms(value[0]), read_ms(value[1])
    return None if start_ms is None or end_ms is None else (start_ms, max(start_ms, end_ms))
