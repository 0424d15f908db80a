"""When someone speaks, by how loud it is: above what a room is like around that moment, for rooms and voices change."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from transcripts.media import slices
from transcripts.media.decoder.levels import AUDIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WINDOW_MS = 50
# Shorter pauses are between the sounds of a word
SHORTEST_PAUSE_MS = 250
# How far around a moment it is compared, and for how long the comparison holds
AROUND_MS, HOLDS_MS = 8_000, 500
# Speech is louder than the quietest tenth around it by so much of what lies between that and the loudest tenth, in dB,
# unless these are so close that no one pauses
SHARE, LEAST_DB = 0.4, 9.0
AUDIBLE_DB = 10 * math.log10(AUDIBLE)
# What is quieter doesn't make a room any quieter
SILENT = AUDIBLE / 10


def stretches(source: Path, folder: Path, length_ms: int) -> list[tuple[int, int]]:
    """Return from when to when someone speaks in audio of that length, measured in `folder`. Raises a MediaError."""
    return spoken(slices.levels(source, folder, WINDOW_MS), length_ms)


def spoken(levels: Sequence[float], length_ms: int) -> list[tuple[int, int]]:
    """Return from when to when someone speaks (ms), by the mean squares of windows of `WINDOW_MS`."""
    loud = [10 * math.log10(max(level, SILENT)) for level in levels]
    found: list[tuple[int, int]] = []
    at = 0
    for is_speech, windows in itertools.groupby(a > b for a, b in zip(loud, _bounds(loud), strict=True)):
        size = sum(1 for _ in windows)
        start_ms, end_ms = at * WINDOW_MS, min((at + size) * WINDOW_MS, length_ms)
        if is_speech and start_ms < end_ms:
            found.append((start_ms, end_ms))
        at += size
    return list(_without_short_pauses(found))


def _bounds(loud: Sequence[float]) -> Iterator[float]:
    """Yield for each window how loud speech is at least."""
    around, step = AROUND_MS // WINDOW_MS, HOLDS_MS // WINDOW_MS
    for at in range(0, len(loud), step):
        nearby = sorted(loud[max(0, at - around) : at + around])
        floor, speech = nearby[len(nearby) // 10], nearby[len(nearby) * 9 // 10]
        bound = floor + SHARE * (speech - floor) if speech - floor > LEAST_DB else floor - 1
        yield from [max(AUDIBLE_DB, bound)] * min(step, len(loud) - at)


def _without_short_pauses(found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for index, (start_ms, end_ms) in enumerate(found):
        begin = start_ms if begin is None else begin
        if index + 1 == len(found) or found[index + 1][0] - end_ms >= SHORTEST_PAUSE_MS:
            yield begin, end_ms
            begin = None
