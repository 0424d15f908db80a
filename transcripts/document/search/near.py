"""Words that differ by a slip of the finger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 4


def nearest(word: str, others: Iterable[str], *, most: int = 3) -> list[str]:
    """Return the nearest of the other words, those that are one slip away, or two in a long word."""
    allowed = 1 if len(word) < 6 else 2
    if len(word) < SHORTEST:
        return []
    near = {
        other: distance(word, other, most=allowed) for other in set(others) if abs(len(other) - len(word)) <= allowed
    }
    found = [other for other, slips in near.items() if 0 < slips <= allowed]
    return sorted(found, key=lambda other: (near[other], other))[:most]


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters are missing, added, wrong or swapped; `most` + 1 if there are more than that."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, last, row = row, before, [number]
        for place, against in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != against))
            if number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == against:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
