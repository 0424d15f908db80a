"""What two sequences have in common, in time that is bounded whatever they hold.

The one answer to "what changed" for corrections, merging and a provider's full text. Equal ends are trimmed, then
Myers' greedy search finds the fewest changes while they are few; if they are many the sequences are cut at what
occurs once in both (patience diff), first single items, then runs of them. Each step is paid from one budget. What is
left when that is spent counts as replaced: such a result has more changes than it needs, never a wrong one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

# Steps of some 0.2 µs: what a person who waits for a page may cost.
BUDGET = 250_000
# The greedy search stops after so many changes, for its cost is their square.
MOST_CHANGES = 160
# Lengths of the runs that are looked for if single items occur too often.
RUNS = (1, 3, 8)

Tag = Literal["equal", "replace", "delete", "insert"]


@dataclass(frozen=True, slots=True)
class Change:
    """Items `first` to `last` of the old sequence are `begin` to `end` of the new one."""

    tag: Tag
    first: int
    last: int
    begin: int
    end: int


@dataclass(slots=True)
class _Purse:
    """The steps that are left."""

    steps: int

    def pay(self, steps: int) -> bool:
        """Pay for some steps; False if they cannot be paid for."""
        self.steps -= steps
        return self.steps >= 0


@dataclass(frozen=True, slots=True)
class _Region:
    """A part of both sequences that is still to be compared."""

    first: int
    last: int
    begin: int
    end: int

    @property
    def size(self) -> int:
        return self.last - self.first + self.end - self.begin


def changes(old: Sequence[Hashable], new: Sequence[Hashable], *, budget: int = BUDGET) -> list[Change]:
    """Return how the old sequence becomes the new one, equal stretches among them, both from end to end."""
    numbers: dict[Hashable, int] = {}
    a = [numbers.setdefault(item, len(numbers)) for item in old]
    b = [numbers.setdefault(item, len(numbers)) for item in new]
    found = sorted(_matches(a, b, _Purse(budget)))
    return list(_described(found, len(a), len(b)))


def _described(matches: Sequence[tuple[int, int, int]], old_size: int, new_size: int) -> Iterator[Change]:
    at = to = 0
    for first, last, begin, end in _merged(matches):
        yield from _gap(at, first, to, begin)
        yield Change("equal", first, last, begin, end)
        at, to = last, end
    yield from _gap(at, old_size, to, new_size)


def _merged(matches: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Put matches together that follow each other without a gap."""
    merged: list[tuple[int, int, int, int]] = []
    for first, begin, size in matches:
        if merged and merged[-1][1] == first and merged[-1][3] == begin:
            merged[-1] = (merged[-1][0], first + size, merged[-1][2], begin + size)
        else:
            merged.append((first, first + size, begin, begin + size))
    return merged


def _gap(first: int, last: int, begin: int, end: int) -> Iterator[Change]:
    if first < last and begin < end:
        yield Change("replace", first, last, begin, end)
    elif first < last:
        yield Change("delete", first, last, begin, end)
    elif begin < end:
        yield Change("insert", first, last, begin, end)


def _matches(a: list[int], b: list[int], purse: _Purse) -> Iterator[tuple[int, int, int]]:
    """Yield where both have the same, in any order: index in each, and how long."""
    waiting = [_Region(0, len(a), 0, len(b))]
    while waiting:
        region = waiting.pop()
        head, tail = _equal_ends(a, b, region)
        if head:
            yield region.first, region.begin, head
        if tail:
            yield region.last - tail, region.end - tail, tail
        region = _Region(region.first + head, region.last - tail, region.begin + head, region.end - tail)
        if region.first == region.last or region.begin == region.end or not purse.pay(region.size):
            continue
        found = _fewest_changes(a, b, region, purse)
        if found is not None:
            yield from found
            continue
        cuts = _anchors(a, b, region, purse)
        yield from cuts
        waiting += _between(region, cuts)


def _equal_ends(a: list[int], b: list[int], region: _Region) -> tuple[int, int]:
    most = min(region.last - region.first, region.end - region.begin)
    head = 0
    while head < most and a[region.first + head] == b[region.begin + head]:
        head += 1
    tail = 0
    while tail < most - head and a[region.last - tail - 1] == b[region.end - tail - 1]:
        tail += 1
    return head, tail


def _between(region: _Region, cuts: Sequence[tuple[int, int, int]]) -> Iterator[_Region]:
    if not cuts:
        return
    first, begin = region.first, region.begin
    for at, to, size in cuts:
        yield _Region(first, at, begin, to)
        first, begin = at + size, to + size
    yield _Region(first, region.last, begin, region.end)


# Few changes: Myers' greedy search


def _fewest_changes(a: list[int], b: list[int], region: _Region, purse: _Purse) -> list[tuple[int, int, int]] | None:
    """Return the longest common subsequence as matches; None if there are too many changes for that."""
    height, width = region.last - region.first, region.end - region.begin
    if abs(height - width) > MOST_CHANGES:
        return None
    reached: dict[int, int] = {1: 0}
    history: list[dict[int, int]] = []
    for depth in range(min(height + width, MOST_CHANGES) + 1):
        history.append(dict(reached))
        steps = 2 * depth + 1
        for diagonal in range(-depth, depth + 1, 2):
            is_down = diagonal == -depth or (
                diagonal != depth and reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)
            )
            x = reached.get(diagonal + 1, -1) if is_down else reached.get(diagonal - 1, -1) + 1
            y, start = x - diagonal, x
            while x < height and y < width and a[region.first + x] == b[region.begin + y]:
                x, y = x + 1, y + 1
            steps += x - start
            reached[diagonal] = x
            if x >= height and y >= width:
                return list(_traced(history, region, height, width))
        if not purse.pay(steps):
            return None
    return None


def _traced(
    history: Sequence[dict[int, int]], region: _Region, height: int, width: int
) -> Iterator[tuple[int, int, int]]:
    """Follow the search back from its end."""
    x, y = height, width
    for depth in range(len(history) - 1, -1, -1):
        reached = history[depth]
        diagonal = x - y
        is_down = diagonal == -depth or (
            diagonal != depth and reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)
        )
        before = diagonal + 1 if is_down else diagonal - 1
        before_x = reached[before] if depth else 0
        before_y = before_x - before if depth else 0
        size = x - (before_x if is_down or not depth else before_x + 1)
        if size > 0:
            yield region.first + x - size, region.begin + y - size, size
        x, y = before_x, before_y


# Many changes: what occurs once in both


def _anchors(a: list[int], b: list[int], region: _Region, purse: _Purse) -> list[tuple[int, int, int]]:
    """Return matches that cut the region, in order: the longest row of runs that occur once in each."""
    for length in RUNS:
        if not purse.pay(length * region.size):
            return []
        ours, theirs = _once(a, region.first, region.last, length), _once(b, region.begin, region.end, length)
        pairs = sorted((at, theirs[run]) for run, at in ours.items() if run in theirs)
        if pairs:
            return list(_apart(_rising(pairs), length))
    return []


def _once(items: list[int], first: int, last: int, length: int) -> dict[object, int]:
    """Where each run starts that occurs once."""
    runs: list[object] = (
        [*items[first:last]]
        if length == 1
        else [tuple(items[at : at + length]) for at in range(first, last - length + 1)]
    )
    counts = Counter(runs)
    return {run: first + at for at, run in enumerate(runs) if counts[run] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs in which the second rises too."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, to) in enumerate(pairs):
        place = bisect_left(tops, to)
        if place == len(tops):
            tops.append(to)
            ends.append(index)
        else:
            tops[place], ends[place] = to, index
        before.append(ends[place - 1] if place else -1)
    row: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]


def _apart(pairs: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int, int]]:
    """The matches of runs that do not reach into each other."""
    first = begin = 0
    for at, to in pairs:
        if at >= first and to >= begin:
            yield at, to, length
            first, begin = at + length, to + length
